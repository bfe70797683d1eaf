"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleUserRound, Download, Ellipsis, Link2, Lock, Trash2 } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../lib/copy-text";
import { formatClock, formatClockSeconds, formatDay, formatExact } from "../../lib/dates";
import { fileKind } from "../../lib/file-kind";
import { formatBytes } from "../../lib/format";
import { untilSentence } from "../../lib/link-expiry";
import { useShortcuts } from "../../lib/shortcuts";
import { toast } from "../../lib/toasts";
import { Drawer } from "../shell/drawer";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { type Fact, Facts } from "../ui/facts";
import { FailureNote } from "../ui/failure";
import { Menu, MenuItem } from "../ui/menu";
import { type PixelSize, Preview } from "../ui/preview";
import { StateLabel } from "../ui/state-label";
import { FileState, purgeAt } from "./file-state";
import { nameOf } from "./name-of";
import type { FileRow } from "./use-files";

interface FileDrawerProps {
  file: FileRow;
  now: Date;
  position: string;
  previous?: () => void;
  next?: () => void;
  close(): void;
}

export function FileDrawer({ file, now, ...drawer }: FileDrawerProps) {
  const name = nameOf(file);
  const [pixels, setPixels] = useState<PixelSize | null>(null);
  const [deleting, setDeleting] = useState(false);
  const link = useCopyLink(file);
  const avatar = useAvatarFrom(file);
  useShortcuts({ l: link.copy });
  const isImage = fileKind(file.contentType) === "image";

  return (
    <Drawer
      {...drawer}
      label={`Details of ${name}`}
      foot={
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
          <Button size="square" asChild>
            <a href={file.url} download={name} aria-label={`Download ${name}`} title="Download">
              <Download />
            </a>
          </Button>
          <Menu
            side="top"
            trigger={
              <Button size="square" aria-label={`More for ${name}`}>
                <Ellipsis />
              </Button>
            }
          >
            {isImage && (
              <MenuItem icon={CircleUserRound} onSelect={avatar.use}>
                Use as my avatar
              </MenuItem>
            )}
            <MenuItem icon={Trash2} destructive onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </Menu>
        </>
      }
    >
      <Preview contentType={file.contentType} url={file.url} name={name} onSize={setPixels} />
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
        <Facts facts={factsOf(file, now, pixels)} />
      </div>
      <DeleteFile file={file} open={deleting} onOpenChange={setDeleting} close={drawer.close} />
    </Drawer>
  );
}

function factsOf(file: FileRow, now: Date, pixels: PixelSize | null): (Fact | null)[] {
  const created = new Date(file.createdAt);
  const purge = purgeAt(file, now);
  return [
    ["Size", formatBytes(file.sizeBytes) + (pixels ? `, ${pixels.width} × ${pixels.height}` : "")],
    ["Type", file.contentType],
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
    ["Read by", file.attachedTo ? "You, and whoever sees your avatar" : "You alone"],
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

function relationText(relation: string): string {
  return /avatar|user/i.test(relation) ? "An avatar" : relation;
}

/** A link that needs no sign-in, and the hour at which it ends. */
function useCopyLink({ storageId }: FileRow) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: async () => {
      const url = await queryClient.fetchQuery(trpc.files.getUrl.queryOptions({ storageId }));
      if (!url || !(await copyText(url))) throw new Error("The browser keeps its clipboard shut.");
      return url;
    },
    onSuccess: (url) => toast(`Link copied.${untilSentence(url)}`),
  });
  return { copy: () => mutation.mutate(), error: mutation.error, isPending: mutation.isPending };
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

interface DeleteFileProps {
  file: FileRow;
  open: boolean;
  onOpenChange(open: boolean): void;
  close(): void;
}

function DeleteFile({ file, open, onOpenChange, close }: DeleteFileProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.files.delete.mutationOptions({
      onSuccess: async () => {
        close();
        toast(`Deleted ${nameOf(file)}`);
        await Promise.all([
          queryClient.invalidateQueries(trpc.files.pathFilter()),
          queryClient.invalidateQueries(trpc.overview.pathFilter()),
          queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
        ]);
      },
    }),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        mutation.reset();
        onOpenChange(next);
      }}
      title={`Delete ${nameOf(file)} for good?`}
      description={
        file.attachedTo
          ? "Something refers to it and will show a gap. Every link to it stops working at once."
          : "Every link to it stops working at once."
      }
      keep="Keep it"
      confirm="Delete the file"
      onConfirm={() => mutation.mutate({ storageId: file.storageId })}
      pending={mutation.isPending}
      error={mutation.error}
    />
  );
}
