"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { formatCount, plural } from "../../lib/format";
import { listInputs } from "../../lib/list-inputs";
import { roomName } from "../rooms/room-name";
import { AvatarRow } from "../ui/avatar";
import { Failure } from "../ui/failure";
import { Bone, Loading } from "../ui/skeleton";

const most = 3;

export function LiveRooms() {
  const trpc = useTRPC();
  const list = useQuery({
    ...trpc.signaling.rooms.queryOptions(listInputs.openRooms),
    refetchInterval: 10_000,
  });
  if (list.isPending) {
    return (
      <Loading label="Loading rooms">
        <Bone className="mt-6 w-40" />
      </Loading>
    );
  }
  if (list.isLoadingError) {
    return <Failure error={list.error} retry={() => void list.refetch()} />;
  }
  const live = (list.data?.items ?? []).filter(({ peers }) => peers.length > 0);
  if (live.length === 0) {
    return (
      <p className="border-t py-4 text-muted-foreground text-sm">
        Nobody is in a room now. Rooms with somebody in them show here.
      </p>
    );
  }
  return (
    <ul>
      {live.slice(0, most).map((room) => (
        <li
          key={room.roomId}
          className="grid h-[70px] grid-cols-[minmax(0,1fr)_auto_auto] items-center gap-3.5 border-t text-sm"
        >
          <span className="min-w-0">
            <span className="block truncate font-[500]">{roomName(room)}</span>
            <span className="block text-muted-foreground text-xs">
              {plural(room.peers.length, "peer")}
            </span>
          </span>
          <AvatarRow names={room.peers.map(({ displayName }) => displayName)} />
          <span className="min-w-[66px] text-right text-muted-foreground text-xs tabular-nums">
            {formatCount(room.messagesLastMinute)} msg/min
          </span>
        </li>
      ))}
    </ul>
  );
}
