"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleUserRound, Download, Ellipsis, Link2, Lock, Trash2 } from "lucide-react";
import { useState } from "react";
import { formatClock, formatClockSeconds, formatDay, formatExact } from "../../lib/dates";
import { formatBytes, formatPixels } from "../../lib/format";
import { nameOfOwner } from "../../lib/name-of-owner";
import { useShortcuts } from "../../lib/shortcuts";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";
import { toast } from "../../lib/toasts";
import { Drawer } from "../shell/drawer";
import { useMe } from "../shell/me";
import { Button, buttonClass } from "../ui/button";
import { type Fact, Facts } from "../ui/facts";
import { FailureNote } from "../ui/failure";
import { Menu, MenuItem } from "../ui/menu";
import { type PixelSize, Preview } from "../ui/preview";
import { StateLabel } from "../ui/state-label";
import { FileState, purgeAt } from "./file-state";
import { nameOf } from "./name-of";
import { useCopyLinks } from "./use-copy-links";
import type { FileRow } from "./use-files";

interface FileDrawerProps {
  file: FileRow;
  now: Date;
  position: string;
  previous?: () => void;
  next?: () => void;
  close(): void;
  remove(): void;
}

export function FileDrawer({ file, now, remove, ...drawer }: FileDrawerProps) {
  const name = nameOf(file);
  const [pixels, setPixels] = useState<PixelSize | null>(null);
  const link = useCopyLinks([file.storageId]);
  const isMine = useMe().id === file.owner.id;
  const avatar = useAvatarFrom(file);
  useShortcuts({ l: () => (isMine ? link.copy() : false) });
  const isShown = isShownByBrowsers(file.contentType);

  return (
    <Drawer
      {...drawer}
      label={`Details of ${name}`}
      foot={
        isMine ? (
          <>
            <Button
              variant="primary"
              className="flex-1"
              onClick={link.copy}
              disabled={link.isPending}
            >
              <Link2 />
              Copy a link
            </Button>
            <a
              href={file.url ?? undefined}
              download={name}
              aria-label={`Download ${name}`}
              title="Download"
              className={buttonClass({ size: "square" })}
            >
              <Download />
            </a>
            <Menu
              side="top"
              trigger={
                <Button size="square" aria-label={`More for ${name}`}>
                  <Ellipsis />
                </Button>
              }
            >
              {isShown && (
                <MenuItem icon={CircleUserRound} onSelect={avatar.use}>
                  Use as my avatar
                </MenuItem>
              )}
              <MenuItem icon={Trash2} destructive onSelect={remove}>
                Delete
              </MenuItem>
            </Menu>
          </>
        ) : (
          <p className="py-1.5 text-muted-foreground text-sm">
            It is private: only its owner can read it.
          </p>
        )
      }
    >
      <Preview
        contentType={file.contentType}
        url={file.url}
        name={name}
        copyUrl={file.image && file.url && `${file.url}&w=1024`}
        thumbHash={file.image?.thumbHash}
        missing={isMine ? undefined : "Not yours to see"}
        onSize={setPixels}
      />
      <div className="px-[22px] py-[18px] max-md:px-4">
        <h2 className="font-display text-[22px] leading-7 tracking-[-0.01em] [overflow-wrap:anywhere]">
          {name}
        </h2>
        <div className="mt-2 mb-3.5 flex flex-wrap gap-3.5">
          <FileState file={file} now={now} />
          <StateLabel tone="off" icon={Lock}>
            Private
          </StateLabel>
        </div>
        {link.error && <FailureNote error={link.error} />}
        {avatar.error && <FailureNote error={avatar.error} />}
        <Facts facts={factsOf(file, now, file.image ?? pixels, isMine)} />
      </div>
    </Drawer>
  );
}

function factsOf(
  file: FileRow,
  now: Date,
  pixels: PixelSize | null,
  isMine: boolean,
): (Fact | null)[] {
  const created = new Date(file.createdAt);
  const purge = purgeAt(file, now);
  return [
    ["Size", [formatBytes(file.sizeBytes), formatPixels(pixels)].filter(Boolean).join(", ")],
    ["Type", file.contentType],
    isMine ? null : ["Owner", nameOfOwner(file.owner)],
    ["Attached to", file.attachedTo ? relationText(file.attachedTo.relation) : "Nothing"],
    purge && [
      "Purged",
      <span key="purge" title={formatExact(purge)}>
        {formatDay(purge, now)}, {formatClock(purge)}, unless something refers to it
      </span>,
    ],
    [
      "Added",
      <time key="added" dateTime={file.createdAt} title={formatExact(created)}>
        {formatDay(created, now)}, {formatClockSeconds(created)}
      </time>,
    ],
    ["Read by", readersOf(file, isMine)],
    [
      "SHA-256",
      <span key="sha" className="mono block select-all truncate" title={file.sha256}>
        {file.sha256}
      </span>,
    ],
    [
      "Storage id",
      <span key="id" className="mono block select-all truncate" title={file.storageId}>
        {file.storageId}
      </span>,
    ],
  ];
}

const relationTexts: Record<string, string> = {
  "user.avatar": "An avatar",
  "instrument.attachment": "An instrument",
  import: "An import, until a row takes it",
};

function relationText(relation: string): string {
  return relationTexts[relation] ?? relation;
}

function readersOf({ attachedTo }: FileRow, isMine: boolean): string {
  const owner = isMine ? "You" : "Its owner";
  if (attachedTo?.relation === "user.avatar") return `${owner}, and whoever sees the avatar`;
  if (attachedTo?.relation === "instrument.attachment") {
    return `${owner}, and whoever the instrument is shown to`;
  }
  return isMine ? "You alone" : "Its owner alone";
}

function useAvatarFrom({ storageId }: FileRow) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.profile.setAvatar.mutationOptions({
      onSuccess: async () => {
        toast("Your avatar is changed");
        await Promise.all([
          queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
          queryClient.invalidateQueries(trpc.files.pathFilter()),
        ]);
      },
    }),
  );
  return { use: () => mutation.mutate({ storageId }), error: mutation.error };
}
