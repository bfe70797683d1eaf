"use client";

import { mediaPoster } from "@fermata/api";
import { Download, Ellipsis, Globe, Link2, Lock, Signature, Trash2 } from "lucide-react";
import { useState } from "react";
import { formatClockSeconds, formatDay, formatExact } from "../../lib/dates";
import { formatBytes, formatClipLength, formatPixels } from "../../lib/format";
import { nameOfOwner } from "../../lib/name-of-owner";
import { useShortcuts } from "../../lib/shortcuts";
import { Drawer } from "../shell/drawer";
import { useMe } from "../shell/me";
import { Button, buttonClass } from "../ui/button";
import { type Fact, Facts } from "../ui/facts";
import { FailureNote } from "../ui/failure";
import { Menu, MenuItem } from "../ui/menu";
import { PageLink } from "../ui/page-link";
import { type PixelSize, Preview } from "../ui/preview";
import { StateLabel } from "../ui/state-label";
import { DeleteMediaDialog } from "./delete-media-dialog";
import { MediaState } from "./media-state";
import { ProcessingNote } from "./processing-note";
import type { MediaRow } from "./use-media";
import { useMediaLinks } from "./use-media-links";

interface MediaDrawerProps {
  media: MediaRow;
  now: Date;
  position: string;
  previous?: () => void;
  next?: () => void;
  close(): void;
}

export function MediaDrawer({ media, now, ...drawer }: MediaDrawerProps) {
  const [seen, setSeen] = useState<PixelSize | null>(null);
  const [deleting, setDeleting] = useState(false);
  const links = useMediaLinks(media);
  const isMine = useMe().id === media.owner.id;
  const ready = media.status === "ready";
  const isPublic = media.visibility === "public";
  const link = isPublic ? links.address : links.signed;
  const linkError = links.address.error ?? links.signed.error;
  useShortcuts({ l: () => (ready && isMine ? link.mutate() : false) });

  return (
    <Drawer
      {...drawer}
      label={`Details of ${media.filename}`}
      foot={
        !isMine ? (
          <p className="py-1.5 text-muted-foreground text-sm">
            {nameOfOwner(media.owner)} alone may change or delete it.
          </p>
        ) : ready ? (
          <>
            <Button
              variant="primary"
              className="flex-1"
              onClick={() => link.mutate()}
              disabled={link.isPending}
            >
              <Link2 />
              {isPublic ? "Copy the address" : "Copy a signed link"}
            </Button>
            {media.url && (
              <a
                href={media.url}
                download={media.filename}
                target="_blank"
                rel="noreferrer"
                aria-label={`Download ${media.filename}`}
                title="Download"
                className={buttonClass({ size: "square" })}
              >
                <Download />
              </a>
            )}
            <Menu
              side="top"
              trigger={
                <Button size="square" aria-label={`More for ${media.filename}`}>
                  <Ellipsis />
                </Button>
              }
            >
              {isPublic && (
                <MenuItem icon={Signature} onSelect={() => links.signed.mutate()}>
                  Copy a signed link
                </MenuItem>
              )}
              <MenuItem icon={Trash2} destructive onSelect={() => setDeleting(true)}>
                Delete…
              </MenuItem>
            </Menu>
          </>
        ) : (
          <Button variant="danger" className="flex-1" onClick={() => setDeleting(true)}>
            <Trash2 />
            Delete…
          </Button>
        )
      }
    >
      {ready && (
        <Preview
          contentType={media.contentType}
          url={media.url}
          name={media.filename}
          copyUrl={mediaPoster(media)}
          waveform={media.waveform}
          poster={media.posterUrl}
          missing={isMine ? undefined : "Not yours to see"}
          onSize={setSeen}
        />
      )}
      <div className="px-[22px] py-[18px] max-md:px-4">
        <h2 className="font-display text-[22px] leading-7 tracking-[-0.01em] [overflow-wrap:anywhere]">
          {media.filename}
        </h2>
        <div className="mt-2 mb-3.5 flex flex-wrap gap-3.5">
          <MediaState status={media.status} />
          <StateLabel tone="off" icon={isPublic ? Globe : Lock}>
            {isPublic ? "Public" : "Private"}
          </StateLabel>
        </div>
        {!ready && <p className="mb-3.5 text-sm">{explain(media.status)}</p>}
        {ready && isMine && <ProcessingNote media={media} />}
        {linkError && <FailureNote error={linkError} />}
        <Facts facts={factsOf(media, now, seen)} />
      </div>
      <DeleteMediaDialog
        media={media}
        open={deleting}
        onOpenChange={setDeleting}
        onDeleted={drawer.close}
      />
    </Drawer>
  );
}

/** `8, up to 2560 px`. */
function describeCopies(variants: NonNullable<MediaRow["variants"]>): string {
  return `${variants.length}, up to ${Math.max(...variants.map(({ width }) => width))} px`;
}

function explain(status: MediaRow["status"]): string {
  return status === "pending"
    ? "Its bytes are not all here yet. An upload that nobody finishes is swept when its time is over; until then it holds its space."
    : "What arrived was not what was announced: too little, too much, or of another type. Nothing was stored and no space is held. Upload it again.";
}

function factsOf(media: MediaRow, now: Date, seen: PixelSize | null): (Fact | null)[] {
  const created = new Date(media.createdAt);
  const pixels = formatPixels(media) ?? formatPixels(seen);
  const ready = media.status === "ready";
  return [
    media.sizeBytes > 0
      ? [ready ? "Size" : "Announced", formatBytes(media.sizeBytes)]
      : ["Announced", "No size"],
    pixels ? ["Pixels", pixels] : null,
    media.durationSeconds ? ["Length", formatClipLength(media.durationSeconds)] : null,
    media.codec ? ["Codec", media.codec] : null,
    media.variants ? ["Copies", describeCopies(media.variants)] : null,
    media.instruments.length > 0
      ? [
          "Shown on",
          <span key="instruments" className="grid">
            {media.instruments.map(({ instrumentId, name }) => (
              <PageLink
                key={instrumentId}
                href={`/instruments/edit/${instrumentId}`}
                className="link truncate"
              >
                {name}
              </PageLink>
            ))}
          </span>,
        ]
      : null,
    ["Type", media.contentType],
    [
      "Added",
      <time key="added" dateTime={media.createdAt} title={formatExact(created)}>
        {formatDay(created, now)}, {formatClockSeconds(created)}
      </time>,
    ],
    ready
      ? [
          "Read by",
          media.visibility === "public" ? "Anybody with the address" : "Whoever has a signed link",
        ]
      : null,
    media.publicUrl && ready
      ? [
          "Address",
          <a
            key="address"
            href={media.publicUrl}
            target="_blank"
            rel="noreferrer"
            className="link block truncate"
          >
            {media.publicUrl.replace(/^https?:\/\//, "")}
          </a>,
        ]
      : null,
    [
      "Key",
      <span key="key" className="mono block select-all truncate" title={media.key}>
        {media.key}
      </span>,
    ],
  ];
}
