"use client";

import type { AppRouter } from "@fermata/api";
import { useTRPC } from "@fermata/api/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { byCursor, listInputs } from "../../lib/list-inputs";
import { useIsOperator } from "../shell/me";

export type MediaRow = inferRouterOutputs<AppRouter>["storage"]["list"]["items"][number];

/** Uploads of other tabs and programs become ready without telling this page. */
const pendingRefetchMs = 10_000;

const processingRefetchMs = 3_000;

/** The signed-in user's photos and clips, for an operator everybody's, newest first, page by page. */
export function useMedia() {
  const trpc = useTRPC();
  const isOperator = useIsOperator();
  const list = useInfiniteQuery({
    ...trpc.storage.list.infiniteQueryOptions(
      { ...listInputs.media, ...(isOperator && { owner: "all" }) },
      byCursor,
    ),
    refetchInterval: ({ state }) => {
      const rows = state.data?.pages.flatMap(({ items }) => items) ?? [];
      if (rows.some(({ processing }) => processing?.state === "processing"))
        return processingRefetchMs;
      return rows.some(({ status }) => status === "pending") && pendingRefetchMs;
    },
  });
  return { list, rows: list.data?.pages.flatMap(({ items }) => items) ?? [] };
}
