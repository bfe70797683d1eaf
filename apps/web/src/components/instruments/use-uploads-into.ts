"use client";

import { useUploadQueue } from "@fermata/api/react";
import { useEffect, useRef } from "react";

/** Hands on the keys of photos and clips whose upload was begun while the page is open, as each is ready. */
export function useUploadsInto(add: (keys: string[]) => void): void {
  const { items } = useUploadQueue();
  const known = useRef<Set<string> | null>(null);
  known.current ??= new Set(items.map(({ id }) => id));
  useEffect(() => {
    const keys: string[] = [];
    for (const { id, kind, status, result } of items) {
      if (kind !== "media" || status !== "done" || !result || known.current?.has(id)) continue;
      known.current?.add(id);
      if (/^(image|video)\//.test(result.contentType)) keys.push(result.key);
    }
    if (keys.length > 0) add(keys);
  }, [items, add]);
}
