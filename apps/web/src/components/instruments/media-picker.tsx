"use client";

import { Check, Clapperboard } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { isForPages } from "../../lib/for-pages";
import { plural } from "../../lib/format";
import { MediaThumb } from "../media/media-thumb";
import { useMedia } from "../media/use-media";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { PageLink } from "../ui/page-link";

interface MediaPickerProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** Keys of what is on the instrument already. */
  present: string[];
  add(keys: string[]): void;
  pending: boolean;
}

const isClip = ({ contentType }: { contentType: string }) => /^(video|audio)\//.test(contentType);

/** Chooses among the ready photos and clips that are not on the instrument. They come in the order of choosing. */
export function MediaPicker({ open, onOpenChange, present, add, pending }: MediaPickerProps) {
  const { list, rows } = useMedia();
  const [chosen, setChosen] = useState<string[]>([]);
  const others = rows.filter(({ status, key }) => status === "ready" && !present.includes(key));
  const offered = others.filter(isForPages);
  const unplayed = others.filter((media) => isClip(media) && !isForPages(media));
  const picked = chosen.filter((key) => offered.some((row) => row.key === key));
  const toggle = (key: string) =>
    setChosen(picked.includes(key) ? picked.filter((one) => one !== key) : [...picked, key]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add photos and clips"
      className="w-[760px]"
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant="primary"
            disabled={picked.length === 0 || pending}
            onClick={() => {
              add(picked);
              setChosen([]);
            }}
          >
            {picked.length === 0 ? "Add" : `Add ${plural(picked.length, "item")}`}
          </Button>
        </>
      }
    >
      {list.error && <FailureNote error={list.error} />}
      {list.data && offered.length === 0 && (
        <p className="mt-4 text-muted-foreground text-sm">
          <Clapperboard aria-hidden="true" className="lucide mr-2 inline size-4" />
          There is nothing more to add.{" "}
          <PageLink href="/media" className="link">
            Upload photos and clips under Media
          </PageLink>
          , then come back.
        </p>
      )}
      <ul className="mt-4 grid max-h-[56vh] grid-cols-4 gap-3 overflow-y-auto p-1 max-md:grid-cols-2">
        {offered.map((media) => {
          const at = picked.indexOf(media.key);
          return (
            <li key={media.key}>
              <button
                type="button"
                aria-pressed={at >= 0}
                onClick={() => toggle(media.key)}
                className="block w-full text-left"
              >
                <span
                  className={cn(
                    "relative block aspect-[4/3] overflow-hidden rounded-md bg-muted",
                    at >= 0 && "outline-2 outline-primary outline-offset-2",
                  )}
                >
                  <MediaThumb media={media} sizes="180px" />
                  {at >= 0 && (
                    <span className="absolute top-1.5 right-1.5 grid h-6 min-w-6 place-items-center rounded-full bg-primary px-1.5 font-medium text-primary-foreground text-xs tabular-nums">
                      {picked.length > 1 ? at + 1 : <Check className="size-3.5" />}
                    </span>
                  )}
                </span>
                <span className="mt-1 block truncate text-xs">{media.filename}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {unplayed.length > 0 && (
        <p className="mt-3 text-muted-foreground text-xs">
          {unplayed.length === 1
            ? `${unplayed[0]?.filename} is left out: browsers do not play it.`
            : `${plural(unplayed.length, "clip")} are left out: browsers do not play them.`}{" "}
          As MP4 with H.264 and AAC, or as WebM, every browser does.
        </p>
      )}
      <MoreButton list={list} />
    </Dialog>
  );
}
