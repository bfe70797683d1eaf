import type { CronJob, CronRun } from "@fermata/contract";
import { formatClockSeconds, formatDay, formatExact, formatWhen } from "../../lib/dates";
import { formatCount, formatDuration } from "../../lib/format";
import { durationOf, RunState } from "./run-state";

interface RunFactsProps {
  run: CronRun;
  job: Pick<CronJob, "retries">;
  now: Date;
}

/** When a run was, how long it took, which attempt it is, and what it counted. */
export function RunFacts({ run, job, now }: RunFactsProps) {
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
        {run.waitsUntil !== null
          ? `Waits until ${formatWhen(new Date(run.waitsUntil), now)}.`
          : run.status === "running" && "Still at it."}
        {(job.retries > 0 || run.attempt > 1) &&
          ` Attempt ${run.attempt} of ${Math.max(job.retries + 1, run.attempt)}.`}
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
