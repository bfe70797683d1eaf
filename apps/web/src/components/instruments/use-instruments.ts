"use client";

import { useTRPC } from "@fermata/api/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { byCursor, listInputs } from "../../lib/list-inputs";

/** The signed-in user's instruments, newest first, page by page. */
export function useInstruments() {
  const trpc = useTRPC();
  const list = useInfiniteQuery(
    trpc.instruments.list.infiniteQueryOptions(listInputs.instruments, byCursor),
  );
  return { list, rows: list.data?.pages.flatMap(({ items }) => items) ?? [] };
}
