"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { formatDuration } from "../../lib/format";
import { Section } from "../ui/section";
import { Time } from "../ui/time";
import { roomName } from "./room-name";

const most = 6;

/** Rooms of today and yesterday that are over; older ones are purged. */
export function EarlierRooms({ now }: { now: Date }) {
  const trpc = useTRPC();
  const list = useQuery({
    ...trpc.signaling.rooms.queryOptions({ limit: 50, open: false }),
    refetchInterval: 15_000,
  });
  const over = (list.data?.items ?? [])
    .map((room) => ({ room, end: Date.parse(room.closedAt ?? room.expiresAt) }))
    .filter(({ end }) => end <= now.getTime())
    .toSorted((a, b) => b.end - a.end)
    .slice(0, most);
  if (over.length === 0) return null;
  return (
    <Section
      title="Earlier"
      className="mt-[26px]"
      ruled={false}
      aside={over.length === 1 ? "the last one" : `the last ${over.length}`}
    >
      <ul>
        {over.map(({ room, end }) => {
          const openMs = end - Date.parse(room.createdAt);
          return (
            <li
              key={room.roomId}
              className="grid h-[38px] grid-cols-[minmax(0,1fr)_128px_248px] items-center max-md:gap-4 border-t text-sm max-md:grid-cols-[minmax(0,1fr)_auto]"
            >
              <span className="truncate font-[500]">{roomName(room)}</span>
              <span className="text-muted-foreground max-md:hidden">
                {room.closedAt ? "Closed" : "Ran out"}
              </span>
              <span className="text-right text-muted-foreground">
                <Time at={room.createdAt} now={now} />, open {formatDuration(openMs)}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
