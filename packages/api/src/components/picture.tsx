"use client";

import { type ComponentProps, type ReactNode, useCallback, useState } from "react";
import type { PictureSources } from "../picture-sources";
import { placeholderUrl } from "../placeholder";

export interface PictureProps extends Omit<ComponentProps<"img">, "src" | "srcSet" | "ref"> {
  /** What the picture shows, for those who cannot see it; empty where it is decoration. */
  alt: string;
  /** Shown where there is no picture: it is gone, or no browser can show it. */
  fallback?: ReactNode;
}

interface Sourced extends PictureProps {
  picture: PictureSources | null;
  /** False once it is known that there is nothing to come. */
  isPending: boolean;
  /** Once for each address that cannot be shown. */
  onBroken?(): void;
}

/** A picture over its placeholder, in a place that does not change its size when it comes. */
export function Picture({
  picture,
  isPending,
  onBroken,
  fallback,
  alt,
  sizes,
  width,
  height,
  loading = "lazy",
  style,
  onLoad,
  ...props
}: Sourced) {
  const [shown, setShown] = useState<string | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  const src = picture?.src ?? null;
  // A page that was made on the server may have its picture before its script.
  const look = useCallback(
    (image: HTMLImageElement | null) => {
      if (image?.complete && image.naturalWidth > 0) setShown(src);
    },
    [src],
  );
  const w = width ?? (height === undefined ? (picture?.width ?? undefined) : undefined);
  const h = height ?? (width === undefined ? (picture?.height ?? undefined) : undefined);
  const ratio = picture?.width && picture.height && `${picture.width} / ${picture.height}`;
  const place = { ...(ratio && { aspectRatio: ratio }), ...style };

  if (!src || broken === src) {
    const state = isPending ? "loading" : "missing";
    return (
      <span
        {...(props as ComponentProps<"span">)}
        data-state={state}
        style={{
          display: "inline-block",
          ...(w !== undefined && { inlineSize: w }),
          ...(h !== undefined && { blockSize: h }),
          ...place,
        }}
        {...(!isPending && alt && { role: "img", "aria-label": alt })}
      >
        {!isPending && fallback}
      </span>
    );
  }
  const isShown = shown === src;
  const placeholder = !isShown && picture?.thumbHash ? placeholderUrl(picture.thumbHash) : "";
  const usualSizes = loading === "lazy" ? "auto, 100vw" : "100vw";
  const shownSizes = sizes ?? (typeof width === "number" ? `${width}px` : usualSizes);
  return (
    <picture style={{ display: "contents" }}>
      {picture?.sources.map(({ type, srcSet }) => (
        <source key={type} type={type} srcSet={srcSet} sizes={shownSizes} />
      ))}
      <img
        decoding="async"
        {...props}
        ref={look}
        src={src}
        {...(picture?.srcSet && { srcSet: picture.srcSet, sizes: shownSizes })}
        alt={alt}
        width={w}
        height={h}
        loading={loading}
        data-state={isShown ? "shown" : "loading"}
        style={{
          ...place,
          ...(placeholder && { background: `center / cover no-repeat url("${placeholder}")` }),
        }}
        onLoad={(event) => {
          setShown(src);
          onLoad?.(event);
        }}
        onError={() => {
          setBroken(src);
          onBroken?.();
        }}
      />
    </picture>
  );
}
