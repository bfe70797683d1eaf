"use client";

import type { AppRouter } from "@fermata/api";
import { useTRPC } from "@fermata/api/react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { byCursor, listInputs } from "../../lib/list-inputs";
import { useSettled } from "../../lib/use-settled";
import { usePendingDeletions } from "./pending-deletions";
import type { FileFilter } from "./use-file-filter";

export type FileRow = inferRouterOutputs<AppRouter>["files"]["list"]["items"][number];

/** The files that a filter leaves, newest first, page by page, without those that are about to be deleted. */
export function useFiles({ state, type, owner, search }: FileFilter) {
  const trpc = useTRPC();
  const { hidden } = usePendingDeletions();
  const wanted = useSettled(search.trim());
  const list = useInfiniteQuery(
    trpc.files.list.infiniteQueryOptions(
      {
        ...listInputs.files,
        ...(state !== "all" && { state }),
        ...(type !== "any" && { type }),
        ...(owner !== "me" && { owner }),
        ...(wanted && { search: wanted }),
      },
      { ...byCursor, placeholderData: keepPreviousData },
    ),
  );
  const listed = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const rows = listed.filter(({ storageId }) => !hidden.has(storageId));
  return { list, rows, counts: countsWithout(list.data?.pages[0]?.counts, listed, hidden) };
}

interface Counts {
  attached: number;
  unattached: number;
}

/** What is about to be deleted is counted as if it were. */
function countsWithout(
  counts: Counts | undefined,
  listed: FileRow[],
  hidden: ReadonlySet<string>,
): Counts {
  const gone = listed.filter(({ storageId }) => hidden.has(storageId));
  const attachedGone = gone.filter(({ attachedTo }) => attachedTo).length;
  return {
    attached: (counts?.attached ?? 0) - attachedGone,
    unattached: (counts?.unattached ?? 0) - (gone.length - attachedGone),
  };
}
