"use client";

import { useTRPC } from "@fermata/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { InviteLines } from "../rooms/invite-lines";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";

/** Opens a room and shows its invitation, until whoever reads it goes on. */
export function FirstRoom({ begun, done }: { begun(): void; done(): void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const open = useMutationOnce(trpc.signaling.createRoom.mutationOptions({ onMutate: begun }));
  if (open.data) {
    return (
      <div className="max-w-[520px] pb-1.5">
        <InviteLines {...open.data} />
        <Button
          className="mt-3"
          variant="primary"
          onClick={() => {
            done();
            void queryClient.invalidateQueries(trpc.signaling.rooms.pathFilter());
          }}
        >
          Go on
        </Button>
      </div>
    );
  }
  return (
    <div className="pb-1.5">
      <Button
        variant="primary"
        disabled={open.isPending}
        onClick={() => open.mutate({ name: "First room", capacity: 2 })}
      >
        {open.isPending ? "Opening…" : "Open a room"}
      </Button>
      {open.error && <FailureNote error={open.error} />}
    </div>
  );
}
