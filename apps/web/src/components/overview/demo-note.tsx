"use client";

import { toFermataError } from "@fermata/api";
import { useFermata } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";
import { toast } from "../../lib/toasts";
import type { useSummary } from "../shell/use-summary";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";

type Demo = NonNullable<NonNullable<ReturnType<typeof useSummary>["data"]>["demo"]>;

/** Says that some of this is an example, and takes it away. */
export function DemoNote({ demo }: { demo: Demo }) {
  const { trpc } = useFermata();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      // Instruments first: they hold the others.
      for (const instrumentId of demo.instrumentIds)
        await gone(trpc.instruments.delete.mutate({ instrumentId }));
      for (const storageId of demo.storageIds) await gone(trpc.files.delete.mutate({ storageId }));
      for (const key of demo.mediaKeys) await gone(trpc.storage.delete.mutate({ key }));
      for (const roomId of demo.roomIds) await gone(trpc.signaling.closeRoom.mutate({ roomId }));
    },
    onSuccess: () => toast("The examples are gone"),
    onSettled: () => queryClient.invalidateQueries(),
  });
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border bg-card px-4 py-2.5 text-sm">
      <Sparkles aria-hidden="true" className="lucide size-4 text-primary" />
      <p className="min-w-0 flex-1 basis-64">
        Some of what is here is an example: two instruments, their pictures, a clip, a sound, a
        room.
      </p>
      <Button size="sm" disabled={remove.isPending} onClick={() => remove.mutate()}>
        {remove.isPending ? "Removing…" : "Remove the examples"}
      </Button>
      {remove.error && <FailureNote error={remove.error} />}
    </div>
  );
}

/** What went before by itself is gone, too. */
async function gone(deletion: Promise<unknown>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (toFermataError(error).code !== "NOT_FOUND") throw error;
  });
}
