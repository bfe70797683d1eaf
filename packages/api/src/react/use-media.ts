"use client";

import { useQuery } from "@tanstack/react-query";
import { type FermataError, toFermataError } from "../api-error";
import type { Media } from "../procedures";
import { useTRPC } from "./trpc-context";

/** Signed addresses are good for an hour at least. */
const freshMs = 30 * 60 * 1000;
/** How often media in work are looked at. */
const watchMs = 2_000;

/** Media that are at hand, as `storage.list` and an upload give them, or their key. */
export type MediaSource =
  | { media: Media & { url?: string | null }; mediaKey?: undefined }
  | { mediaKey: string; media?: undefined };

export interface MediaHook {
  /** Null until it is known, and where there are none. */
  media: Media | null;
  /** Of the original; null until it is known, and until the media are ready. */
  url: string | null;
  isPending: boolean;
  error: FermataError | null;
  /** Asks for the address anew, as after it has expired. */
  refresh(): void;
}

/**
 * Media and the address of their original, asked for where it is not at hand. By their key they are looked at again while
 * their copies are being made.
 * @param needsUrl false asks for no address: what has copies can be shown without
 */
export function useMedia(source: MediaSource, needsUrl: boolean | "without-copies"): MediaHook {
  const trpc = useTRPC();
  const asked = { key: source.mediaKey ?? "" };
  const row = useQuery(
    trpc.storage.getMetadata.queryOptions(asked, {
      enabled: source.mediaKey !== undefined,
      staleTime: freshMs,
      refetchInterval: ({ state }) =>
        state.data?.processing?.state === "processing" ? watchMs : false,
    }),
  );
  const media = source.media ?? row.data ?? null;
  const known = source.media?.url ?? media?.publicUrl ?? null;
  const isWanted = needsUrl === "without-copies" ? !media?.variants?.length : needsUrl;
  const needed = media?.status === "ready" && !known && isWanted;
  const address = useQuery(
    trpc.storage.getUrl.queryOptions(
      { key: media?.key ?? "" },
      { enabled: needed, staleTime: freshMs },
    ),
  );
  const error = row.error ?? address.error;
  return {
    media,
    url: address.data ?? known,
    isPending: (source.mediaKey !== undefined && row.isPending) || (needed && address.isPending),
    error: error && toFermataError(error),
    refresh: () => void address.refetch(),
  };
}
