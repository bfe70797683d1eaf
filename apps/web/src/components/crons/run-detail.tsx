"use client";

import { useTRPC } from "@fermata/api/react";
import type { CronJob } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesColumn, Copy, Play } from "lucide-react";
import { copyText } from "../../lib/copy-text";
import { toast } from "../../lib/toasts";
import { Button, buttonClass } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { PageLink } from "../ui/page-link";
import { Bone, Loading } from "../ui/skeleton";
import { DurationChart } from "./duration-chart";
import { jobPath } from "./job-path";
import { RunFacts } from "./run-facts";
import { RunLog } from "./run-log";
import { RunOutcome } from "./run-outcome";

interface RunDetailProps {
  job: CronJob;
  now: Date;
  runId: string | null;
  run(): void;
  pending: boolean;
}

/** One run of a job: when, how long, what it counted, and why it failed. */
export function RunDetail({ job, now, runId, run, pending }: RunDetailProps) {
  const trpc = useTRPC();
  const runs = useQuery({
    ...trpc.crons.runs.queryOptions({ name: job.name, limit: 50 }),
    refetchInterval: 3_000,
  });
  const shown = runs.data?.items.find((candidate) => candidate.runId === runId) ?? job.lastRun;
  return (
    <section
      aria-label={`A run of ${job.name}`}
      className="mb-3.5 grid animate-appear grid-cols-[316px_minmax(0,1fr)] gap-7 rounded-md border border-border-strong bg-card px-5 py-[18px] max-lg:grid-cols-1 max-lg:gap-4 max-md:p-3.5"
    >
      <div>
        {shown ? <RunFacts run={shown} job={job} now={now} /> : <NoRun job={job} />}
        <DurationChart job={job} now={now} selectedId={shown?.runId ?? null} />
        <div className="mt-3.5 flex flex-wrap gap-2">
          <Button
            variant="primary"
            onClick={run}
            disabled={pending || job.disabledReason !== null || shown?.status === "running"}
          >
            <Play />
            Run now
          </Button>
          {shown && (
            <Button
              onClick={async () => {
                if (await copyText(JSON.stringify(shown, null, 2))) toast("The run is copied");
              }}
            >
              <Copy />
              Copy the run
            </Button>
          )}
          <PageLink href={jobPath(job.name)} className={buttonClass()}>
            <ChartNoAxesColumn />
            All about it
          </PageLink>
        </div>
      </div>
      <div className="min-w-0">
        {runs.isError && <FailureNote error={runs.error} />}
        {shown ? (
          <>
            <RunOutcome run={shown} />
            <RunLog run={shown} />
          </>
        ) : (
          runs.isPending && (
            <Loading label="Loading the run">
              <Bone className="h-16" />
            </Loading>
          )
        )}
      </div>
    </section>
  );
}

function NoRun({ job }: { job: CronJob }) {
  return (
    <>
      <b className="font-semibold text-base">No runs yet</b>
      <p className="mt-0.5 text-muted-foreground text-sm">
        {job.disabledReason ?? "It shows up here with its first run."}
      </p>
    </>
  );
}
