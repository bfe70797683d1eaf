"use client";

import { useTRPC } from "@fermata/api/react";
import type { CronJob } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { Clock, Search } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { plural } from "../../lib/format";
import { timeZone } from "../../lib/time-zone";
import { useNow } from "../../lib/use-now";
import { useOpenItem } from "../../lib/use-open-item";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { Page } from "../ui/page";
import { SearchField } from "../ui/search-field";
import { Bone, Loading } from "../ui/skeleton";
import { StaleNote } from "../ui/stale-note";
import { AdminsOnly } from "./admins-only";
import { EnginePanel } from "./engine-panel";
import { JobRow, jobColumns } from "./job-row";
import { OutcomeLegend } from "./outcome-strip";
import { QueueSection } from "./queue-section";

export function CronsPage() {
  return (
    <AdminsOnly title="Crons">
      <Jobs />
    </AdminsOnly>
  );
}

function Jobs() {
  const trpc = useTRPC();
  const now = useNow(1_000);
  const [search, setSearch] = useState("");
  const list = useQuery({ ...trpc.crons.list.queryOptions(), refetchInterval: 3_000 });
  const jobs = list.data?.items ?? [];
  const wanted = search.trim().toLowerCase();
  const shown = jobs.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(wanted),
  );
  const opened = useOpenItem(
    shown.map(({ name }) => name),
    "job",
  );

  return (
    <Page
      title="Crons"
      sub={
        list.data && (
          <>
            {describeJobs(jobs)}
            <span className="max-md:hidden">. Times in {timeZone()}, schedules in UTC</span>
          </>
        )
      }
      actions={
        jobs.length > 0 && (
          <SearchField
            className="w-[220px] max-md:hidden"
            label="Find a job"
            value={search}
            onChange={setSearch}
          />
        )
      }
    >
      <EnginePanel now={now} />
      {list.isPending && <JobsSkeleton />}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.isRefetchError && (
        <StaleNote
          error={list.error}
          dataUpdatedAt={list.dataUpdatedAt}
          retry={() => void list.refetch()}
        />
      )}
      {list.data && jobs.length === 0 && (
        <EmptyState icon={<Clock />} title="No jobs yet">
          Add one to <span className="mono">jobs/crons.ts</span> and start again. It shows up here
          with its next run.
        </EmptyState>
      )}
      {jobs.length > 0 && (
        <div className="border-t border-t-foreground">
          <div
            aria-hidden="true"
            className={cn(
              jobColumns,
              "min-h-[34px] items-center border-b text-muted-foreground text-xs max-lg:hidden",
            )}
          >
            <span>Job</span>
            <span>Schedule</span>
            <span>Next run</span>
            <span>Last run</span>
            <span>Last 50 runs, newest right</span>
          </div>
          {shown.length > 0 ? (
            <ul>
              {shown.map((job) => (
                <JobRow
                  key={job.name}
                  job={job}
                  now={now}
                  opened={job.name === opened.openId}
                  open={opened.open}
                />
              ))}
            </ul>
          ) : (
            <EmptyState
              className="mt-4"
              icon={<Search />}
              title={`No job matches “${search}”`}
              action={<Button onClick={() => setSearch("")}>Clear the search</Button>}
            >
              Names and descriptions are compared.
            </EmptyState>
          )}
          <OutcomeLegend className="pt-2.5" />
        </div>
      )}
      <QueueSection now={now} />
    </Page>
  );
}

function describeJobs(jobs: CronJob[]): string {
  const failing = jobs.filter(
    ({ lastRun }) => lastRun?.status === "failed" || lastRun?.status === "lost",
  );
  const paused = jobs.filter((job) => job.paused);
  return [
    plural(jobs.length, "job"),
    failing.length > 0 && `${failing.length} failing`,
    paused.length > 0 && `${paused.length} paused`,
  ]
    .filter(Boolean)
    .join(", ");
}

function JobsSkeleton() {
  return (
    <Loading label="Loading jobs">
      <div className="border-t">
        {["w-40", "w-52", "w-36", "w-44", "w-48"].map((width) => (
          <div key={width} className="flex h-16 items-center border-b">
            <div className="flex-1">
              <Bone className={width} />
              <Bone className="mt-2 h-2 w-28" />
            </div>
            <Bone className="h-3 w-[298px] max-md:hidden" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
