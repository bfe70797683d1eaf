"use client";

import { useTRPC } from "@fermata/api/react";
import type { Room } from "@fermata/contract";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { InviteLines } from "./invite-lines";
import { roomName } from "./room-name";

/** Makes another invite for an open room: the server keeps no copy of the one that was given. */
export function NewInviteDialog({ room, close }: { room: Room; close(): void }) {
  const trpc = useTRPC();
  const mutation = useMutationOnce(trpc.signaling.rotateInvite.mutationOptions());
  const { roomId, expiresAt, capacity } = room;
  const title = roomName(room);
  return (
    <Dialog
      open
      onOpenChange={close}
      title={mutation.data ? "The new invite" : `A new invite to ${title}?`}
      description={
        mutation.data
          ? "Take it with you: it is shown this once."
          : "The one that was given stops working at once. Whoever sits in the room stays."
      }
      className={mutation.data ? "w-[480px]" : undefined}
      actions={
        mutation.data ? (
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        ) : (
          <>
            <Button data-autofocus="" onClick={close}>
              Keep the old one
            </Button>
            <Button
              variant="primary"
              onClick={() => mutation.mutate({ roomId })}
              disabled={mutation.isPending}
            >
              {mutation.isPending ? "Making it…" : "Make a new invite"}
            </Button>
          </>
        )
      }
    >
      {mutation.data && (
        <InviteLines roomId={roomId} expiresAt={expiresAt} capacity={capacity} {...mutation.data} />
      )}
      {mutation.error && <FailureNote error={mutation.error} />}
    </Dialog>
  );
}
