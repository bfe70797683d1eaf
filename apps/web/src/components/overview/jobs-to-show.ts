import type { CronJob } from "@fermata/contract";

const most = 6;

/** Failing jobs first, then those that ran last; a job without a run has nothing to show. */
export function jobsToShow(jobs: readonly CronJob[]): { shown: CronJob[]; quiet: number } {
  const fails = ({ lastRun }: CronJob) =>
    Number(lastRun?.status === "failed" || lastRun?.status === "lost");
  const shown = jobs
    .filter(({ recentRuns }) => recentRuns.length > 0)
    .toSorted(
      (a, b) =>
        fails(b) - fails(a) ||
        (b.lastRun?.startedAt ?? "").localeCompare(a.lastRun?.startedAt ?? ""),
    )
    .slice(0, most);
  return { shown, quiet: jobs.length - shown.length };
}
