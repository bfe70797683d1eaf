"use client";

import type { AppRouter } from "@fermata/api";
import { useTRPC } from "@fermata/api/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";

export type FileRow = inferRouterOutputs<AppRouter>["files"]["list"]["items"][number];

/** The signed-in user's files, newest first, page by page. */
export function useFiles() {
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.files.list.infiniteQueryOptions(
      { limit: 50 },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
  );
  return { list, rows: list.data?.pages.flatMap(({ items }) => items) ?? [] };
}
