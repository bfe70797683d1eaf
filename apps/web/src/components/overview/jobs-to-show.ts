import type { CronRun } from "@fermata/contract";

const most = 6;

/** What is looked at of a job. */
interface Seen {
  lastRun: Pick<CronRun, "status" | "startedAt"> | null;
  recentRuns: readonly unknown[];
}

/** Failing jobs first, then those that ran last; a job without a run has nothing to show. */
export function jobsToShow<Job extends Seen>(
  jobs: readonly Job[],
): { shown: Job[]; quiet: number } {
  const fails = ({ lastRun }: Seen) =>
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
