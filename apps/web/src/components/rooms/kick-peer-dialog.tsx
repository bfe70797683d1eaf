"use client";

import { useTRPC } from "@fermata/api/react";
import type { Peer, Room } from "@fermata/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/toasts";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { roomName } from "./room-name";

interface KickPeerDialogProps {
  room: Room;
  peer: Peer;
  close(): void;
}

export function KickPeerDialog({ room, peer, close }: KickPeerDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.signaling.kick.mutationOptions({
      onSuccess: async () => {
        close();
        toast(`Removed ${peer.displayName}`);
        await Promise.all([
          queryClient.invalidateQueries(trpc.signaling.rooms.pathFilter()),
          queryClient.invalidateQueries(trpc.overview.pathFilter()),
        ]);
      },
    }),
  );
  return (
    <ConfirmDialog
      open
      onOpenChange={close}
      title={`Remove ${peer.displayName}?`}
      description={`They lose ${roomName(room)} at once. Whoever holds its invite can come in again.`}
      keep="Let them stay"
      confirm={`Remove ${peer.displayName}`}
      onConfirm={() => mutation.mutate({ roomId: room.roomId, peerId: peer.peerId })}
      pending={mutation.isPending}
      error={mutation.error}
    />
  );
}
