"use client";

import { useTRPC } from "@fermata/api/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { byCursor, listInputs } from "../../lib/list-inputs";

/** As often as somebody who looks at the page would look again. It rests while the tab is hidden. */
const refetchInterval = 5_000;

/** The open rooms that the signed-in user may see, newest first. */
export function useRooms() {
  const trpc = useTRPC();
  const list = useInfiniteQuery({
    ...trpc.signaling.rooms.infiniteQueryOptions(listInputs.openRooms, byCursor),
    refetchInterval,
  });
  return { list, rooms: list.data?.pages.flatMap(({ items }) => items) ?? [] };
}
