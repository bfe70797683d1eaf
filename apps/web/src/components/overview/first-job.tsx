"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { PageLink } from "../ui/page-link";

/** Does no harm, and always has something to log. */
const job = "purge expired signaling";
const pollMs = 500;

export function FirstJob({ begun, done }: { begun(): void; done(): void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const trigger = useMutationOnce(trpc.crons.trigger.mutationOptions({ onMutate: begun }));
  const runId = trigger.data?.runId ?? "";
  const run = useQuery({
    ...trpc.crons.run.queryOptions({ runId }),
    enabled: runId !== "",
    refetchInterval: ({ state }) =>
      state.data && state.data.status !== "running" ? false : pollMs,
  });
  const isOver = run.data && run.data.status !== "running";
  return (
    <div className="flex flex-wrap items-center gap-3 pb-1.5 text-sm">
      {isOver ? (
        <>
          <span>
            It {run.data.status}.{" "}
            <PageLink href={`/crons?job=${encodeURIComponent(job)}`} className="link">
              See what it logged
            </PageLink>
          </span>
          <Button
            variant="primary"
            onClick={() => {
              done();
              void queryClient.invalidateQueries(trpc.crons.pathFilter());
              void queryClient.invalidateQueries(trpc.overview.pathFilter());
            }}
          >
            Done
          </Button>
        </>
      ) : (
        <Button
          variant="primary"
          disabled={trigger.isPending || runId !== ""}
          onClick={() => trigger.mutate({ name: job })}
        >
          {trigger.isPending || runId !== "" ? "Running…" : `Run “${job}”`}
        </Button>
      )}
      {(trigger.error ?? run.error) && <FailureNote error={trigger.error ?? run.error} />}
    </div>
  );
}
