import type { AppRouter } from "@fermata/api";
import type { inferProcedureOutput } from "@trpc/server";

export type CronRun = inferProcedureOutput<AppRouter["crons"]["runs"]>["items"][number];

/** `succeeded in 1.2 s {"deleted":3}`, in one line. */
export function describeOutcome(run: Omit<CronRun, "runId" | "slot" | "trigger">): string {
  const { status, error, result } = run;
  const took =
    run.finishedAt === null || status === "skipped" || status === "lost"
      ? ""
      : ` in ${(Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000} s`;
  const what = error ?? (result === null || result === undefined ? "" : JSON.stringify(result));
  return `${status}${took} ${what.replaceAll("\n", " ")}`.trim();
}
