"use client";

import { useTRPC } from "@fermata/api/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import {
  Keyboard,
  type LucideIcon,
  Moon,
  Play,
  Plus,
  Search,
  Shapes,
  Sun,
  Upload,
} from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { fileKind } from "../../lib/file-kind";
import { formatBytes } from "../../lib/format";
import { destinationsFor, settingsFor } from "../../lib/navigation";
import { giveFocusBack, rememberOpener } from "../../lib/opener";
import { setTheme } from "../../lib/theme";
import { useGo } from "../../lib/unsaved";
import { useSettled } from "../../lib/use-settled";
import { jobPath } from "../crons/job-path";
import { kindIcons } from "../ui/file-thumb";
import { Kbd } from "../ui/kbd";
import { ModifierKey } from "../ui/modifier-key";
import { useChooseFiles } from "../uploads/upload-target";
import { openKeysDialog } from "./keys-dialog";
import { useIsOperator, useMe, useReader } from "./me";
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
          Nothing is called “{text}”. Files are searched by name; of the media, the newest 50.
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

/** Files by their names, wherever they stand in the list, and the newest media. */
function HeldItems({ text, go }: { text: string; go(href: string): void }) {
  const trpc = useTRPC();
  const search = useSettled(text.trim());
  const owner = useIsOperator() ? { owner: "all" } : {};
  const files = useQuery({
    ...trpc.files.list.queryOptions({ limit: 8, ...owner, ...(search && { search }) }),
    placeholderData: keepPreviousData,
  });
  const media = useQuery(trpc.storage.list.queryOptions({ limit: 50, ...owner }));
  return (
    <Group heading="Files and media">
      {files.data?.items.map(({ storageId, filename, contentType, sizeBytes }) => (
        <Item
          key={storageId}
          value={storageId}
          keywords={[filename ?? storageId]}
          icon={kindIcons[fileKind(contentType)]}
          end={formatBytes(sizeBytes)}
          onSelect={() =>
            go(`/files?q=${encodeURIComponent(filename ?? storageId)}&open=${storageId}`)
          }
        >
          {filename ?? storageId}
        </Item>
      ))}
      {media.data?.items.map(({ key, filename, contentType, sizeBytes }) => (
        <Item
          key={key}
          value={key}
          keywords={[filename]}
          icon={kindIcons[fileKind(contentType)]}
          end={`${formatBytes(sizeBytes)}, media`}
          onSelect={() => go(`/media?open=${key}`)}
        >
          {filename}
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

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-4 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-muted-foreground [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  icon: LucideIcon;
  /** Tells apart what has the same name. */
  value?: string;
  /** What is searched instead of the value: a name, and what kind of thing has it. */
  keywords?: string[];
  end?: ReactNode;
  onSelect(): void;
  children: ReactNode;
}

function Item({ icon: Icon, value, keywords, end, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      {...(keywords && { keywords })}
      onSelect={onSelect}
      className="mx-1.5 flex h-[38px] cursor-default select-none items-center gap-3 rounded-md px-2.5 text-sm data-[selected=true]:bg-accent data-[selected=true]:text-accent-foreground pointer-coarse:h-11 [&[data-selected=true]>.lucide]:text-current"
    >
      <Icon aria-hidden="true" className="size-4 text-muted-foreground" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end && <span className="whitespace-nowrap text-muted-foreground text-xs">{end}</span>}
    </Command.Item>
  );
}
