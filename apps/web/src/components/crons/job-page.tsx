"use client";

import { useTRPC } from "@fermata/api/react";
import { type CronJob, limits } from "@fermata/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ArrowLeft, Clock, Pause, Play, StepForward } from "lucide-react";
import { formatDuration, plural } from "../../lib/format";
import { timeZone } from "../../lib/time-zone";
import { useNow } from "../../lib/use-now";
import { useOpenItem } from "../../lib/use-open-item";
import { Button } from "../ui/button";
import { Chip } from "../ui/chip";
import { EmptyState } from "../ui/empty-state";
import { Facts } from "../ui/facts";
import { Failure, FailureNote } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { ActionText, Page } from "../ui/page";
import { PageLink } from "../ui/page-link";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { Time } from "../ui/time";
import { AdminsOnly } from "./admins-only";
import { DurationOverTime } from "./duration-over-time";
import { heatHours } from "./heat";
import { HeatLegend } from "./heat-legend";
import { RunFacts } from "./run-facts";
import { RunList } from "./run-list";
import { RunLog } from "./run-log";
import { RunOutcome } from "./run-outcome";
import { useCronActs } from "./use-cron-acts";
import { WeekGrid } from "./week-grid";

/** One job: how long it takes, each of its runs with steps, attempts and log, when it comes next, and its week. */
export function JobPage({ name }: { name: string }) {
  return (
    <AdminsOnly title={name}>
      <FoundJob name={name} />
    </AdminsOnly>
  );
}

function FoundJob({ name }: { name: string }) {
  const trpc = useTRPC();
  const list = useQuery({ ...trpc.crons.list.queryOptions(), refetchInterval: 5_000 });
  const job = list.data?.items.find((candidate) => candidate.name === name);
  if (job) return <Job job={job} />;
  return (
    <Page title={list.data ? "No such job" : name} sub={<AllJobs />}>
      {list.isPending && (
        <Loading label="Loading the job">
          <Bone className="h-[220px]" />
        </Loading>
      )}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data && (
        <EmptyState icon={<Clock />} title={`This server has no job called “${name}”`}>
          It was renamed or taken out of the code. Its runs are kept for as long as the newest 500.
        </EmptyState>
      )}
    </Page>
  );
}

function AllJobs() {
  return (
    <PageLink
      href="/crons"
      className="inline-flex items-baseline gap-1.5 whitespace-nowrap underline decoration-border-strong underline-offset-4 hover:text-foreground [&_svg]:size-3.5 [&_svg]:self-center"
    >
      <ArrowLeft />
      All jobs
    </PageLink>
  );
}

function Job({ job }: { job: CronJob }) {
  const trpc = useTRPC();
  const now = useNow(1_000);
  const runs = useInfiniteQuery({
    ...trpc.crons.runs.infiniteQueryOptions(
      { name: job.name, limit: limits.pageItems },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    refetchInterval: 5_000,
  });
  const week = useQuery({ ...trpc.crons.week.queryOptions(), refetchInterval: 30_000 });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const { openId, open } = useOpenItem(
    items.map(({ runId }) => runId),
    "run",
  );
  const shown = items.find(({ runId }) => runId === openId) ?? items[0];
  const acts = useCronActs(job.name, open);
  const isOff = job.disabledReason !== null;

  return (
    <Page
      title={job.name}
      sub={
        <span className="flex flex-wrap items-baseline gap-x-2.5">
          <AllJobs />
          <span className="min-w-0">{job.description}</span>
        </span>
      }
      actions={
        <>
          <Button
            aria-label={job.paused ? "Resume" : "Pause"}
            onClick={job.paused ? acts.resume : acts.pause}
            disabled={acts.pending}
          >
            {job.paused ? <StepForward /> : <Pause />}
            <ActionText>{job.paused ? "Resume" : "Pause"}</ActionText>
          </Button>
          <Button
            variant="primary"
            aria-label="Run now"
            onClick={acts.run}
            disabled={acts.pending || isOff || job.lastRun?.status === "running"}
          >
            <Play />
            <ActionText>Run now</ActionText>
          </Button>
        </>
      }
    >
      {acts.error && <FailureNote error={acts.error} className="mb-4" />}
      <div className="grid grid-cols-[minmax(0,1fr)_340px] gap-x-10 gap-y-8 max-lg:grid-cols-1">
        <div className="min-w-0">
          <Section title="Duration" aside={`last ${plural(items.length, "run")}`}>
            <div className="pt-3">
              <DurationOverTime
                runs={items}
                now={now}
                selectedId={shown?.runId ?? null}
                select={open}
              />
            </div>
          </Section>
          {shown && (
            <section
              aria-label="The chosen run"
              className="mt-6 grid grid-cols-[240px_minmax(0,1fr)] gap-7 rounded-md border border-border-strong bg-card px-5 py-[18px] max-md:grid-cols-1 max-md:gap-4 max-md:p-3.5"
            >
              <div>
                <RunFacts run={shown} job={job} now={now} />
              </div>
              <div className="min-w-0">
                <RunOutcome run={shown} />
                <RunLog run={shown} />
              </div>
            </section>
          )}
          <Section title="Runs" aside="the newest 500 are kept" className="mt-8">
            {runs.isLoadingError && <FailureNote error={runs.error} />}
            {runs.data && items.length === 0 && (
              <p className="py-6 text-muted-foreground text-sm">
                {job.disabledReason ?? "It shows up here with its first run."}
              </p>
            )}
            <RunList runs={items} now={now} selectedId={shown?.runId ?? null} select={open} />
            <MoreButton list={runs} />
          </Section>
        </div>
        <aside className="min-w-0">
          <Section title="Schedule" aside={<ScheduleState job={job} />}>
            <Facts
              className="[&>div:first-child]:border-t-0"
              facts={[
                ["In words", job.scheduleText],
                [
                  "As written",
                  <span key="written" className="mono text-xs">
                    {job.schedule}
                  </span>,
                ],
                ["Time limit", formatDuration(job.timeoutSeconds * 1000)],
                ["Retries", job.retries === 0 ? "None: its next slot tries again" : job.retries],
              ]}
            />
          </Section>
          <Section title="Next slots" aside={`times in ${timeZone()}`} className="mt-7">
            {job.nextSlots.length === 0 ? (
              <p className="py-3 text-muted-foreground text-sm">
                {job.disabledReason ?? "None while it is paused."}
              </p>
            ) : (
              <ol className="text-sm">
                {job.nextSlots.map((slot) => (
                  <li
                    key={slot}
                    className="flex justify-between border-t py-[7px] first:border-t-0"
                  >
                    <Time at={slot} now={now} />
                    <span className="text-muted-foreground">
                      <Time at={slot} now={now} relative />
                    </span>
                  </li>
                ))}
              </ol>
            )}
          </Section>
          <Section title="Last seven days" className="mt-7">
            <div className="pt-3">
              {week.data && <WeekGrid hours={heatHours(week.data, job.name)} now={now} />}
              <HeatLegend />
            </div>
          </Section>
        </aside>
      </div>
    </Page>
  );
}

function ScheduleState({ job }: { job: CronJob }) {
  if (job.disabledReason !== null) return <Chip>Off</Chip>;
  if (job.paused) return <Chip>Paused</Chip>;
  return "UTC";
}
