"use client";

import { useTRPC } from "@fermata/api/react";
import type { Room } from "@fermata/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { plural } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { roomName } from "./room-name";

export function CloseRoomDialog({ room, close }: { room: Room; close(): void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const title = roomName(room);
  const mutation = useMutation(
    trpc.signaling.closeRoom.mutationOptions({
      onSuccess: async () => {
        close();
        toast(`Closed ${title}`);
        await Promise.all([
          queryClient.invalidateQueries(trpc.signaling.rooms.pathFilter()),
          queryClient.invalidateQueries(trpc.overview.pathFilter()),
        ]);
      },
    }),
  );
  const invite = "Its invite stops working, and it cannot be opened again.";
  return (
    <ConfirmDialog
      open
      onOpenChange={close}
      title={`Close ${title}?`}
      description={
        room.peers.length > 0
          ? `${plural(room.peers.length, "peer")} lose the room at once. ${invite}`
          : `Nobody is in it. ${invite}`
      }
      keep="Keep it open"
      confirm="Close the room"
      onConfirm={() => mutation.mutate({ roomId: room.roomId })}
      pending={mutation.isPending}
      error={mutation.error}
    />
  );
}
