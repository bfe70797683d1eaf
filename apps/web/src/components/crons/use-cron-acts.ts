"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/toasts";
import { useMutationOnce } from "../../lib/use-mutation-once";

/** Run now, pause and resume one job. A pause happens at once and can be taken back. */
export function useCronActs(name: string, onStarted: (runId: string) => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.crons.pathFilter()),
      queryClient.invalidateQueries(trpc.overview.pathFilter()),
    ]);

  const trigger = useMutationOnce(
    trpc.crons.trigger.mutationOptions({
      onSuccess: ({ runId }) => {
        toast(`“${name}” started`);
        onStarted(runId);
        return refresh();
      },
    }),
  );
  const pause = useMutation(
    trpc.crons.pause.mutationOptions({
      onSuccess: () => {
        toast(`“${name}” is paused`, () => resume.mutate({ name }));
        return refresh();
      },
    }),
  );
  const resume = useMutation(
    trpc.crons.resume.mutationOptions({
      onSuccess: () => {
        toast(`“${name}” runs on its schedule again`, () => pause.mutate({ name }));
        return refresh();
      },
    }),
  );

  const all = [trigger, pause, resume];
  const start = (act: (typeof all)[number]) => () => {
    for (const other of all) if (other !== act) other.reset();
    act.mutate({ name });
  };
  return {
    run: start(trigger),
    pause: start(pause),
    resume: start(resume),
    pending: all.some(({ isPending }) => isPending),
    error: all.find(({ error }) => error !== null)?.error ?? null,
  };
}
