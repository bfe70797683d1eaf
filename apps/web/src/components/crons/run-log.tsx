"use client";

import { useTRPC } from "@fermata/api/react";
import type { CronLogLine, CronRun, CronRunDetail } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { cn } from "../../lib/cn";
import { formatClockSeconds } from "../../lib/dates";
import { plural } from "../../lib/format";
import { FailureNote } from "../ui/failure";
import { RunSteps } from "./run-steps";

/** The steps of a run, what it logged, and the way to its page at the engine. It is asked for again while the run works. */
export function RunLog({ run }: { run: CronRun }) {
  const trpc = useTRPC();
  const detail = useQuery({
    ...trpc.crons.run.queryOptions({ runId: run.runId }),
    enabled: run.status !== "skipped",
    // By its own answer, so that the last lines come as well.
    refetchInterval: ({ state }) => (state.data?.status === "running" ? 3_000 : false),
  });
  if (detail.isError) return <FailureNote error={detail.error} />;
  if (!detail.data) return null;
  return <RunTrace trace={detail.data} />;
}

/** What a run left behind, scheduled or asked for. */
export function RunTrace({
  trace: { log, droppedLogLines, engineUrl, steps },
}: {
  trace: Pick<CronRunDetail, "log" | "droppedLogLines" | "engineUrl" | "steps">;
}) {
  return (
    <>
      {steps.length > 0 && <RunSteps steps={steps} />}
      {log.length > 0 && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          tabIndex={0}
          aria-label="Log"
          className="scroll-quiet mt-2.5 max-h-[216px] overflow-auto rounded-sm border bg-background px-3 py-[9px] font-mono text-xs leading-[19px]"
        >
          {droppedLogLines > 0 && (
            <p className="text-muted-foreground">
              {plural(droppedLogLines, "older line was", "older lines were")} not kept
            </p>
          )}
          <ol>
            {log.map((line, index) => (
              // Lines have no name of their own, and never move.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above.
              <Line key={index} line={line} />
            ))}
          </ol>
        </section>
      )}
      {engineUrl && (
        <a
          href={engineUrl}
          target="_blank"
          rel="noreferrer"
          className="mt-2.5 inline-flex items-center gap-1.5 text-sm underline decoration-border-strong underline-offset-4 [&_svg]:size-3.5"
        >
          This run in Inngest
          <ExternalLink />
        </a>
      )}
    </>
  );
}

function Line({ line: { at, level, message, details } }: { line: CronLogLine }) {
  return (
    <li className="[overflow-wrap:anywhere]">
      <time dateTime={at} className="text-muted-foreground">
        {formatClockSeconds(new Date(at))}
      </time>{" "}
      <span
        className={cn(
          level === "error" && "text-destructive",
          level === "warn" && "text-warning",
          level === "debug" && "text-muted-foreground",
        )}
      >
        {level === "error" || level === "warn" ? `${level}: ` : ""}
        {message}
      </span>{" "}
      {details !== null && <span className="text-muted-foreground">{details}</span>}
    </li>
  );
}
