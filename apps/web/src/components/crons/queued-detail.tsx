"use client";

import { useTRPC } from "@fermata/api/react";
import type { QueuedJob } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { Facts } from "../ui/facts";
import { FailureNote } from "../ui/failure";
import { Bone, Loading } from "../ui/skeleton";
import { Time } from "../ui/time";
import { RunTrace } from "./run-log";
import { Written } from "./run-outcome";

/** One job that was asked for: what it was given, what it gave, its steps and its log. */
export function QueuedDetail({ job, now }: { job: QueuedJob; now: Date }) {
  const trpc = useTRPC();
  const isOver = job.finishedAt !== null;
  const detail = useQuery({
    ...trpc.crons.queuedJob.queryOptions({ jobId: job.jobId }),
    refetchInterval: isOver ? false : 3_000,
  });
  return (
    <section
      aria-label={`${job.name}, asked for`}
      className="mb-3.5 grid animate-appear grid-cols-[316px_minmax(0,1fr)] gap-7 rounded-md border border-border-strong bg-card px-5 py-[18px] max-lg:grid-cols-1 max-lg:gap-4 max-md:p-3.5"
    >
      <Facts
        className="[&>div:first-child]:border-t-0"
        facts={[
          ["Asked for", <Time key="asked" at={job.createdAt} now={now} />],
          ["Not before", <Time key="due" at={job.runAt} now={now} />],
          ["Begun", job.startedAt ? <Time key="begun" at={job.startedAt} now={now} /> : "Not yet"],
          [
            "Id",
            <span key="id" className="mono text-xs [overflow-wrap:anywhere]">
              {job.jobId}
            </span>,
          ],
        ]}
      />
      <div className="min-w-0">
        {job.error !== null && <Written label="Error" text={job.error} />}
        {detail.isError && <FailureNote error={detail.error} />}
        {detail.isPending && (
          <Loading label="Loading the job">
            <Bone className="h-16" />
          </Loading>
        )}
        {detail.data && (
          <>
            <Written label="Input" text={JSON.stringify(detail.data.input, null, 2)} />
            {job.status === "succeeded" && (
              <Written label="Result" text={JSON.stringify(detail.data.result ?? null, null, 2)} />
            )}
            <RunTrace trace={detail.data} />
          </>
        )}
      </div>
    </section>
  );
}
