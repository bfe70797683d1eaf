"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";

const refetchInterval = 30_000;

/** What the signed-in user holds, and may hold. */
export function useUsage() {
  const trpc = useTRPC();
  const files = useQuery({ ...trpc.files.usage.queryOptions(), refetchInterval });
  const media = useQuery({ ...trpc.storage.usage.queryOptions(), refetchInterval });
  return { files: files.data, media: media.data };
}
