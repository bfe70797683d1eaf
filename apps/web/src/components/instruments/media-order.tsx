"use client";

import type { UploadTarget } from "@fermata/api";
import type { Instrument } from "@fermata/contract";
import { Images, Plus, Upload } from "lucide-react";
import { type DragEvent, useCallback, useState } from "react";
import { plural } from "../../lib/format";
import { tellApart } from "../../lib/tell-apart";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { FailureNote } from "../ui/failure";
import { Section } from "../ui/section";
import { useUploadTarget } from "../uploads/upload-target";
import { MediaOrderItem } from "./media-order-item";
import { MediaPicker } from "./media-picker";
import { moved } from "./moved";
import type { InstrumentActs } from "./use-instrument";
import { useKeptFocus } from "./use-kept-focus";
import { useUploadsInto } from "./use-uploads-into";

const uploads: UploadTarget = { kind: "media", options: { visibility: "public" } };

interface MediaOrderProps {
  instrument: Instrument;
  acts: InstrumentActs;
}

/** The photos and clips in their order: dragged, or moved by buttons and Alt with the arrows. */
export function MediaOrder({ instrument, acts }: MediaOrderProps) {
  const { instrumentId, media, coverItemId } = instrument;
  const { reorderMedia, updateMedia, removeMedia, addMedia } = acts;
  const [picking, setPicking] = useState(false);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const [spoken, setSpoken] = useState("");

  const choose = useUploadTarget(uploads);
  const { mutate: add } = addMedia;
  useUploadsInto(
    useCallback((keys, before) => add({ instrumentId, keys, before }), [add, instrumentId]),
  );

  const itemIds = media.map(({ itemId }) => itemId);
  const names = tellApart(media.map(({ alt, media: { filename } }) => alt || filename));
  const keepFocus = useKeptFocus(itemIds);
  const move = (itemId: string, to: number) => {
    const next = moved(itemIds, itemId, to);
    if (next === itemIds) return;
    keepFocus();
    setSpoken(`Moved to place ${next.indexOf(itemId) + 1} of ${next.length}`);
    reorderMedia.mutate({ instrumentId, itemIds: next });
  };
  const dropOn = (target: string) => (event: DragEvent) => {
    if (dragged === null) return;
    event.preventDefault();
    event.stopPropagation();
    move(dragged, itemIds.indexOf(target));
    setDragged(null);
    setOver(null);
  };
  const error = reorderMedia.error ?? updateMedia.error ?? removeMedia.error ?? addMedia.error;
  return (
    <Section
      title="Photos and clips"
      aside={
        <>
          {plural(instrument.photoCount, "photo")}, {plural(instrument.clipCount, "clip")}
          <Button size="sm" onClick={() => setPicking(true)}>
            <Plus />
            Add
          </Button>
          <Button size="sm" onClick={choose}>
            <Upload />
            Upload
          </Button>
        </>
      }
    >
      {error && <FailureNote error={error} />}
      {media.length === 0 ? (
        <EmptyState
          className="mt-4"
          icon={<Images />}
          title="No photo or clip yet"
          action={
            <>
              <Button variant="primary" onClick={choose}>
                <Upload />
                Upload photos and clips
              </Button>
              <Button onClick={() => setPicking(true)}>
                <Plus />
                Choose from Media
              </Button>
            </>
          }
        >
          Drop them anywhere on this page. The first photo stands for the instrument, unless you
          choose another.
        </EmptyState>
      ) : (
        <ol className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(208px,1fr))] gap-x-4 gap-y-5 max-md:grid-cols-2 max-md:gap-x-3">
          {media.map((item, index) => (
            <MediaOrderItem
              key={item.itemId}
              item={item}
              name={names[index] ?? item.media.filename}
              index={index}
              count={media.length}
              isCover={item.itemId === coverItemId}
              isDragged={item.itemId === dragged}
              isOver={item.itemId === over && dragged !== null && dragged !== item.itemId}
              move={(to) => move(item.itemId, to)}
              change={(part) => updateMedia.mutate({ instrumentId, itemId: item.itemId, ...part })}
              remove={() => removeMedia.mutate({ instrumentId, itemId: item.itemId })}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                event.dataTransfer.setData("text/plain", item.media.filename);
                setDragged(item.itemId);
              }}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                setOver(item.itemId);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
              onDrop={dropOn(item.itemId)}
            />
          ))}
        </ol>
      )}
      <p aria-live="polite" className="sr-only">
        {spoken}
      </p>
      <MediaPicker
        open={picking}
        onOpenChange={setPicking}
        present={media.map((item) => item.media.key)}
        add={(keys) =>
          addMedia.mutate({ instrumentId, keys }, { onSuccess: () => setPicking(false) })
        }
        pending={addMedia.isPending}
      />
    </Section>
  );
}
