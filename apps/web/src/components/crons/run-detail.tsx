"use client";

import { useTRPC } from "@fermata/api/react";
import type { CronJob, CronRun } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { Copy, Play } from "lucide-react";
import { copyText } from "../../lib/copy-text";
import { formatClockSeconds, formatDay, formatExact } from "../../lib/dates";
import { formatCount, formatDuration } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { Bone, Loading } from "../ui/skeleton";
import { DurationChart } from "./duration-chart";
import { RunLog } from "./run-log";
import { durationOf, RunState } from "./run-state";

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
        {shown ? <RunFacts run={shown} now={now} /> : <NoRun job={job} />}
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
        </div>
      </div>
      <div className="min-w-0">
        {runs.isError && <FailureNote error={runs.error} />}
        {shown ? (
          <>
            <Outcome run={shown} />
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

function RunFacts({ run, now }: { run: CronRun; now: Date }) {
  const started = new Date(run.startedAt);
  const duration = durationOf(run);
  const counts = countsOf(run.result);
  return (
    <>
      <div className="flex justify-between gap-3">
        <b className="font-semibold text-base">
          {run.trigger === "manual" ? "Run by hand" : "Scheduled run"}
        </b>
        <RunState run={run} short />
      </div>
      <p className="mt-0.5 text-muted-foreground text-sm">
        <time dateTime={run.startedAt} title={formatExact(started)}>
          {formatDay(started, now)}, {formatClockSeconds(started)}
        </time>
        . {duration !== null && run.status !== "skipped" && `Took ${formatDuration(duration)}.`}
        {run.status === "running" && "Still at it."}
      </p>
      {counts.length > 0 && (
        <dl className="mt-3 grid auto-cols-fr grid-flow-col border-y">
          {counts.map(([name, count], index) => (
            <div
              key={name}
              className={
                index > 0 ? "min-w-0 border-l pt-[7px] pb-2 pl-2.5" : "min-w-0 pt-[7px] pb-2"
              }
            >
              <dd className="font-display text-[19px] lining-nums leading-6">
                {formatCount(count)}
              </dd>
              <dt className="truncate text-2xs text-muted-foreground">{words(name)}</dt>
            </div>
          ))}
        </dl>
      )}
    </>
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

/** The error in full, or what the job answered. */
function Outcome({ run }: { run: CronRun }) {
  if (run.error) {
    const [first = "", ...rest] = run.error.split("\n");
    return (
      <>
        <div className="rounded-r-sm border-l-[3px] border-l-destructive bg-destructive-soft px-3 pt-[9px] pb-2.5 text-sm">
          <b className="block font-semibold text-destructive [overflow-wrap:anywhere]">{first}</b>
          {run.status === "lost"
            ? "Nobody reported its end. What it had done stays done; run it again to finish."
            : "What it had done before stays done. Mend the cause, then run it again."}
        </div>
        {rest.length > 0 && <Log text={rest.join("\n")} />}
      </>
    );
  }
  if (run.status === "skipped") {
    return <Note>A tick that came late, or while another run was going, does nothing.</Note>;
  }
  if (run.status === "lost") {
    return <Note>Its worker died before it reported back. What it had done stays done.</Note>;
  }
  if (run.status === "running") return <Note>The result comes when it ends.</Note>;
  return run.result === null || run.result === undefined ? (
    <Note>It reported no result.</Note>
  ) : (
    <Log text={JSON.stringify(run.result, null, 2)} label="Result" />
  );
}

function Note({ children }: { children: string }) {
  return <p className="text-muted-foreground text-sm">{children}</p>;
}

function Log({ text, label = "Details" }: { text: string; label?: string }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={label}
      className="scroll-quiet mt-2.5 max-h-[216px] overflow-auto whitespace-pre-wrap rounded-sm border bg-background px-3 py-[9px] font-mono text-xs leading-[19px] first:mt-0 [overflow-wrap:anywhere]"
    >
      {text}
    </section>
  );
}

/** The numbers of a result, at most four: `{ deleted: 3 }`. */
function countsOf(result: unknown): [name: string, count: number][] {
  if (typeof result !== "object" || result === null) return [];
  return Object.entries(result)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .slice(0, 4);
}

/** `keptFiles` as `kept files`. */
function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
