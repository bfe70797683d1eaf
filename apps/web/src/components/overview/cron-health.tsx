"use client";

import { useTRPC } from "@fermata/api/react";
import type { CronJob } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { plural } from "../../lib/format";
import { useNow } from "../../lib/use-now";
import { jobPath } from "../crons/job-path";
import { OutcomeStrip } from "../crons/outcome-strip";
import { Failure } from "../ui/failure";
import { PageLink } from "../ui/page-link";
import { Section } from "../ui/section";
import { Time } from "../ui/time";
import { jobsToShow } from "./jobs-to-show";

/** The jobs that are worth a look: what failed, then what ran last. The others are counted. */
export function CronHealth({ className }: { className?: string }) {
  const trpc = useTRPC();
  const now = useNow();
  const list = useQuery({ ...trpc.crons.list.queryOptions(), refetchInterval: 15_000 });
  const { shown, quiet } = jobsToShow(list.data?.items ?? []);
  return (
    <Section
      title="Cron health"
      aside={
        <PageLink href="/crons" className="link">
          All jobs
        </PageLink>
      }
      className={className}
    >
      {list.isLoadingError && (
        <Failure className="mt-4" error={list.error} retry={() => void list.refetch()} />
      )}
      <ul>
        {shown.map((job) => (
          <Job key={job.name} job={job} now={now} />
        ))}
      </ul>
      {list.data && (
        <p className="border-t py-2.5 text-muted-foreground text-xs">
          {shown.length === 0
            ? "No job has run yet."
            : quiet > 0 && `${plural(quiet, "other job")} with nothing to report.`}
        </p>
      )}
    </Section>
  );
}

function Job({ job: { name, recentRuns, lastRun }, now }: { job: CronJob; now: Date }) {
  return (
    <li className="border-t py-2 first:border-t-0">
      <div className="flex items-baseline gap-3 text-xs">
        <PageLink
          href={jobPath(name)}
          className="min-w-0 flex-1 font-[500] [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </PageLink>
        {lastRun && (
          <span className="whitespace-nowrap text-muted-foreground">
            <Time at={lastRun.startedAt} now={now} relative />
          </span>
        )}
      </div>
      <OutcomeStrip runs={recentRuns} size="narrow" />
    </li>
  );
}
