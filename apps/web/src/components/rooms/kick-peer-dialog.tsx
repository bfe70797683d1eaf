"use client";

import { useTRPC } from "@fermata/api/react";
import type { Peer, Room } from "@fermata/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/toasts";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { Dialog } from "../ui/dialog";
import { InviteLines } from "./invite-lines";
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
        toast(`Removed ${peer.displayName}`);
        await Promise.all([
          queryClient.invalidateQueries(trpc.signaling.rooms.pathFilter()),
          queryClient.invalidateQueries(trpc.overview.pathFilter()),
        ]);
      },
    }),
  );
  if (mutation.data) {
    return (
      <Dialog
        open
        onOpenChange={close}
        title={`${peer.displayName} is out`}
        description="So is the invite. This is the next one, for whoever you still expect; it is shown this once."
        className="w-[480px]"
        actions={
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        }
      >
        <InviteLines
          roomId={room.roomId}
          expiresAt={room.expiresAt}
          inviteToken={mutation.data.inviteToken}
          inviteUrl={mutation.data.inviteUrl}
        />
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={close}
      title={`Remove ${peer.displayName}?`}
      description={`They lose ${roomName(room)} at once, and its invite stops working: nobody comes back with it.`}
      keep="Let them stay"
      confirm={`Remove ${peer.displayName}`}
      onConfirm={() => mutation.mutate({ roomId: room.roomId, peerId: peer.peerId })}
      pending={mutation.isPending}
      error={mutation.error}
    />
  );
}
