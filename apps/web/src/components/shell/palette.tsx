"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { Keyboard, Moon, Play, Plus, Search, Shapes, Sun, Upload } from "lucide-react";
import { Dialog } from "radix-ui";
import { useRef, useState } from "react";
import { destinationsFor, settingsFor } from "../../lib/navigation";
import { giveFocusBack, rememberOpener } from "../../lib/opener";
import { setTheme } from "../../lib/theme";
import { useGo } from "../../lib/unsaved";
import { jobPath } from "../crons/job-path";
import { Kbd } from "../ui/kbd";
import { ModifierKey } from "../ui/modifier-key";
import { useChooseFiles } from "../uploads/upload-target";
import { HeldItems } from "./held-items";
import { openKeysDialog } from "./keys-dialog";
import { useIsOperator, useMe, useReader } from "./me";
import { Group, Item } from "./palette-item";
import { takeTyped } from "./typed-ahead";

interface PaletteProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** ⌘K: what was held last, what can be done, where to go. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Dialog.Content
          ref={content}
          data-modal=""
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            if (content.current) rememberOpener(content.current);
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveFocusBack(event.currentTarget as Element | null);
          }}
          className="-translate-x-1/2 fixed top-[118px] left-1/2 z-50 w-[600px] max-w-[calc(100vw-32px)] animate-appear overflow-hidden rounded-lg border border-border-strong bg-popover text-popover-foreground shadow-overlay max-md:top-4"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <PaletteContent close={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const pageKeyword = "a page of the console";

/**
 * Names that begin with the words come first, and pages before whatever else is called alike; what only holds the letters
 * somewhere is no match.
 */
function rank(value: string, search: string, keywords?: string[]): number {
  const name = (keywords?.[0] ?? value).toLowerCase();
  const at = name.indexOf(search.trim().toLowerCase());
  if (at < 0) return 0;
  const isPage = keywords?.[1] === pageKeyword;
  return (at === 0 ? 0.6 : 0.2) + (isPage ? 0.3 : 0);
}

function PaletteContent({ close }: { close(): void }) {
  const [text, setText] = useState(takeTyped);
  const goTo = useGo();
  const me = useMe();
  const isOperator = useIsOperator();
  const isSearching = text.trim().length > 0;
  const go = (href: string) => {
    close();
    goTo(href);
  };
  const act = (action: () => void) => {
    close();
    action();
  };
  return (
    <Command loop label="Search and commands" filter={rank}>
      <div className="flex h-[54px] items-center gap-3 border-b px-4">
        <Search className="size-5 text-muted-foreground" aria-hidden="true" />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder="Search names and commands"
          className="min-w-0 flex-1 bg-transparent text-lg caret-primary outline-none"
        />
        <Kbd>Esc</Kbd>
      </div>
      <Command.List className="scroll-quiet max-h-[min(420px,calc(100dvh-200px))] overflow-y-auto scroll-py-2 pb-2">
        <Command.Empty className="px-4 pt-6 pb-4 text-center text-muted-foreground text-sm">
          Nothing is called “{text}”. Of files all are searched by name, of the rest the newest 50.
        </Command.Empty>
        {isSearching && <Pages go={go} />}
        {isSearching && <HeldItems text={text} go={go} />}
        <Group heading="Actions">
          {!isOperator && <Makers act={act} go={go} />}
          {isSearching && (
            <>
              {me.role === "admin" && <Jobs act={act} />}
              <Item icon={Sun} onSelect={() => act(() => setTheme("light"))}>
                Light theme
              </Item>
              <Item icon={Moon} onSelect={() => act(() => setTheme("dark"))}>
                Dark theme
              </Item>
            </>
          )}
          {!isOperator && (
            <Item icon={Shapes} onSelect={() => go("/components")}>
              Components for your pages
            </Item>
          )}
          <Item icon={Keyboard} end={<Kbd>?</Kbd>} onSelect={() => act(openKeysDialog)}>
            All keys
          </Item>
        </Group>
        {!isSearching && <Pages go={go} />}
      </Command.List>
      <div className="flex gap-[18px] border-t px-4 py-[9px] text-muted-foreground text-xs max-md:hidden">
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
        </span>
        <span>
          <Kbd>↵</Kbd> open
        </span>
        <span className="ml-auto">
          <Kbd>
            <ModifierKey />K
          </Kbd>{" "}
          close
        </span>
      </div>
    </Command>
  );
}

interface MakersProps {
  act(action: () => void): void;
  go(href: string): void;
}

/** What makes something of the reader's own. */
function Makers({ act, go }: MakersProps) {
  const choose = useChooseFiles();
  return (
    <>
      <Item icon={Upload} onSelect={() => act(() => choose({ kind: "file" }))}>
        Upload private files
      </Item>
      <Item
        icon={Upload}
        onSelect={() => act(() => choose({ kind: "media", options: { visibility: "public" } }))}
      >
        Upload media
      </Item>
      <Item icon={Plus} onSelect={() => go("/rooms?new=1")}>
        New room
      </Item>
    </>
  );
}

function Pages({ go }: { go(href: string): void }) {
  const reader = useReader();
  return (
    <Group heading="Go to">
      {[...destinationsFor(reader), ...settingsFor(reader)].map(({ href, label, icon, key }) => (
        <Item
          key={href}
          icon={icon}
          value={`page ${href}`}
          keywords={[label, pageKeyword]}
          onSelect={() => go(href)}
          end={
            <>
              <Kbd>G</Kbd> <Kbd>{key.toUpperCase()}</Kbd>
            </>
          }
        >
          {label}
        </Item>
      ))}
    </Group>
  );
}

function Jobs({ act }: { act(action: () => void): void }) {
  const trpc = useTRPC();
  const go = useGo();
  const { data } = useQuery(trpc.crons.list.queryOptions());
  return data?.items.map(({ name }) => (
    <Item
      key={name}
      icon={Play}
      value={`open job ${name}`}
      onSelect={() => act(() => go(jobPath(name)))}
    >
      Open job: {name}
    </Item>
  ));
}
