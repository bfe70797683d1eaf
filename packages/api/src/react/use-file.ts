"use client";

import { useQuery } from "@tanstack/react-query";
import { type FermataError, toFermataError } from "../api-error";
import type { FileMetadata } from "../procedures";
import { useTRPC } from "./trpc-context";

/** Signed addresses are good for an hour at least. */
const freshMs = 30 * 60 * 1000;

export interface FileUrlHook {
  /** Null until it is known, and where there is no such file. */
  url: string | null;
  status: "pending" | "success" | "error";
  error: FermataError | null;
  /** Asks anew, as after an address has expired. */
  refresh(): void;
}

export interface FileUrlOptions {
  /** The name of a download. */
  filename?: string;
  /** Of an image: a copy of this width, in pixels. */
  width?: 64 | 128 | 256 | 512 | 1024;
}

/** The address of a stored file, for an `<img>` or a download. Files asked for at once share a request. */
export function useFileUrl(
  storageId: string | null | undefined,
  options: FileUrlOptions = {},
): FileUrlHook {
  const trpc = useTRPC();
  const asked = { storageId: storageId ?? "", ...options };
  const { data, status, error, refetch } = useQuery(
    trpc.files.getUrl.queryOptions(asked, { enabled: Boolean(storageId), staleTime: freshMs }),
  );
  return {
    url: data ?? null,
    status,
    error: error && toFermataError(error),
    refresh: () => void refetch(),
  };
}

/** What is known of a stored file; null until then, and where there is no such file. */
export function useFileMetadata(storageId: string | null | undefined): FileMetadata | null {
  const trpc = useTRPC();
  const asked = { storageId: storageId ?? "" };
  const options = { enabled: Boolean(storageId), staleTime: Number.POSITIVE_INFINITY };
  return useQuery(trpc.files.getMetadata.queryOptions(asked, options)).data ?? null;
}
