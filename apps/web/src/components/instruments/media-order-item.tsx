"use client";

import type { InstrumentMedia } from "@fermata/contract";
import { ChevronLeft, ChevronRight, GripVertical, Play, Star, X } from "lucide-react";
import { type DragEventHandler, useId, useState } from "react";
import { cn } from "../../lib/cn";
import { isForPages } from "../../lib/for-pages";
import { formatClipLength } from "../../lib/format";
import { useUnsaved } from "../../lib/unsaved";
import { MediaThumb } from "../media/media-thumb";
import { IconButton } from "../ui/icon-button";
import { inputClass } from "../ui/text-field";

interface MediaOrderItemProps {
  item: InstrumentMedia;
  /** Its own among the items. */
  name: string;
  index: number;
  count: number;
  isCover: boolean;
  isDragged: boolean;
  isOver: boolean;
  move(to: number): void;
  change(part: { alt?: string; caption?: string; cover?: true }): void;
  remove(): void;
  onDragStart: DragEventHandler;
  onDragOver: DragEventHandler;
  onDragEnd: DragEventHandler;
  onDrop: DragEventHandler;
}

export function MediaOrderItem(props: MediaOrderItemProps) {
  const { item, name, index, count, isCover, isDragged, isOver, move, change, remove } = props;
  const { media, alt, caption } = item;
  const id = useId();
  const isSound = media.contentType.startsWith("audio/") || media.waveform !== undefined;
  const isClip = isSound || media.contentType.startsWith("video/");
  const [typing, setTyping] = useState(false);
  useUnsaved(typing);
  /** Saved as soon as the field is left. */
  const edit = (field: "alt" | "caption", before: string) => ({
    defaultValue: before,
    onInput: () => setTyping(true),
    onBlur: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      setTyping(false);
      const value = currentTarget.value.trim();
      if (value !== before) change({ [field]: value });
    },
  });
  return (
    <li
      data-testid="instrument-item"
      data-item={item.itemId}
      onDragOver={props.onDragOver}
      onDrop={props.onDrop}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!by || !event.altKey) return;
        event.preventDefault();
        move(index + by);
      }}
      className={cn(
        "min-w-0 rounded-md outline-offset-4",
        isDragged && "opacity-45",
        isOver && "outline-2 outline-primary outline-dashed",
      )}
    >
      <figure
        draggable
        onDragStart={props.onDragStart}
        onDragEnd={props.onDragEnd}
        className="group relative aspect-[4/3] cursor-grab overflow-hidden rounded-md bg-muted active:cursor-grabbing"
      >
        <MediaThumb media={media} sizes="240px" />
        <span className="absolute top-1.5 left-1.5 flex h-6 items-center gap-1 rounded-[3px] bg-[oklch(.16_.01_70/.84)] px-1.5 font-[500] text-2xs text-[oklch(.97_.006_85)] tabular-nums">
          <GripVertical aria-hidden="true" className="lucide size-3" />
          {index + 1}
          {isCover && " · Cover"}
        </span>
        {isClip && media.durationSeconds !== undefined && (
          <span className="absolute right-1.5 bottom-1.5 flex h-5 items-center gap-1 rounded-[3px] bg-[oklch(.16_.01_70/.84)] px-1.5 font-[500] text-2xs text-[oklch(.97_.006_85)] tabular-nums">
            <Play aria-hidden="true" className="size-2.5 fill-current" />
            {formatClipLength(media.durationSeconds)}
          </span>
        )}
      </figure>
      <div className="mt-1.5 flex items-center">
        <IconButton
          data-step="-1"
          label={`Move ${name} towards the start`}
          disabled={index === 0}
          onClick={() => move(index - 1)}
        >
          <ChevronLeft />
        </IconButton>
        <IconButton
          data-step="1"
          label={`Move ${name} towards the end`}
          disabled={index === count - 1}
          onClick={() => move(index + 1)}
        >
          <ChevronRight />
        </IconButton>
        <IconButton
          label={isCover ? `${name} is the cover` : `Make ${name} the cover`}
          aria-pressed={isCover}
          disabled={isCover || isClip}
          onClick={() => change({ cover: true })}
          className="ml-auto"
        >
          <Star className={cn(isCover && "fill-current text-primary!")} />
        </IconButton>
        <IconButton label={`Take ${name} off this instrument`} onClick={remove}>
          <X />
        </IconButton>
      </div>
      <label htmlFor={`${id}-alt`} className="sr-only">
        {isSound
          ? `What is to be heard on ${media.filename}, for those who cannot hear it`
          : `What is to be seen on ${media.filename}, for those who cannot see it`}
      </label>
      <input
        id={`${id}-alt`}
        className={cn(inputClass, "h-8 text-sm max-md:h-10")}
        maxLength={300}
        placeholder={isSound ? "What is to be heard" : "What is to be seen"}
        {...edit("alt", alt)}
      />
      <label htmlFor={`${id}-caption`} className="sr-only">
        Caption of {media.filename}
      </label>
      <input
        id={`${id}-caption`}
        className={cn(inputClass, "mt-1.5 h-8 text-sm max-md:h-10")}
        maxLength={300}
        placeholder="Caption"
        {...edit("caption", caption)}
      />
      {isClip && !isForPages(media) && (
        <p className="mt-1.5 text-warning text-xs">
          Browsers do not play it. As MP4 with H.264 and AAC, or as WebM, they do.
        </p>
      )}
    </li>
  );
}
