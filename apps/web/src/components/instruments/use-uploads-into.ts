"use client";

import { useUploadQueue } from "@fermata/api/react";
import { limits } from "@fermata/contract";
import { useEffect, useRef } from "react";
import { isForPages } from "../../lib/for-pages";
import { toast } from "../../lib/toasts";

/**
 * Hands on the keys of photos and clips whose upload was begun while the page is open, as each is ready.
 * @param add `before` are those that were chosen after these, and were ready sooner
 */
export function useUploadsInto(add: (keys: string[], before: string[]) => void): void {
  const { items } = useUploadQueue();
  const known = useRef<Set<string> | null>(null);
  known.current ??= new Set(items.map(({ id }) => id));
  useEffect(() => {
    let ready: string[] = [];
    let before: string[] = [];
    const handOn = () => {
      if (ready.length > 0) add(ready, before.slice(0, limits.instruments.media));
      ready = [];
    };
    for (const { id, kind, status, result } of items.toReversed()) {
      if (kind !== "media" || status !== "done" || !result) continue;
      // Of pictures a copy may come that browsers show; a film or sound that they do not play stays among the media.
      if (!result.contentType.startsWith("image/") && !isForPages(result)) {
        if (known.current?.has(id)) continue;
        known.current?.add(id);
        toast(`${result.filename} is kept under Media: browsers do not show it on a page.`);
      } else if (known.current?.has(id)) {
        handOn();
        before = [result.key, ...before];
      } else {
        known.current?.add(id);
        ready = [result.key, ...ready];
      }
    }
    handOn();
  }, [items, add]);
}
