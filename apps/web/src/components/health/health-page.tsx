"use client";

import { CircleX, RotateCw, TriangleAlert } from "lucide-react";
import { formatRelative } from "../../lib/dates";
import { formatBytes, formatCount, plural } from "../../lib/format";
import { useNow } from "../../lib/use-now";
import { Button } from "../ui/button";
import { Facts } from "../ui/facts";
import { Failure } from "../ui/failure";
import { Figures } from "../ui/figures";
import { type Need, Needs } from "../ui/needs";
import { ActionText, Page } from "../ui/page";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { Time } from "../ui/time";
import { Checks } from "./checks";
import { useHealth } from "./use-health";

export function HealthPage() {
  const now = useNow();
  const health = useHealth();
  const { data } = health;
  return (
    <Page
      title="Health"
      sub={
        data
          ? `The process that answered, started ${formatRelative(new Date(data.process.startedAt), now)}`
          : "How the server fares."
      }
      actions={
        <Button onClick={() => void health.refetch()}>
          <RotateCw />
          <ActionText>Look again</ActionText>
        </Button>
      }
    >
      {health.isPending && (
        <Loading label="Loading how the server fares">
          <Bone className="mt-4 w-72" />
          <Bone className="mt-8 w-64" />
          <Bone className="mt-8 w-80" />
        </Loading>
      )}
      {health.isLoadingError && (
        <Failure
          error={health.error}
          retry={() => void health.refetch()}
          retrying={health.isFetching}
        />
      )}
      {data && (
        <div className="grid gap-9">
          <Needs needs={data.needs.map(needOf)} />
          <Figures figures={figuresOf(data)} />
          <div className="grid grid-cols-2 gap-x-10 gap-y-9 max-lg:grid-cols-1">
            <Checks checks={data.checks} />
            <Section title="What runs">
              <Facts
                right
                facts={[
                  ["Fermata", data.versions.fermata],
                  ["Node", data.versions.node],
                  ["PostgreSQL", data.versions.postgres],
                  ["Newest migration", data.versions.schema],
                  [
                    "Last backup",
                    data.lastBackup ? (
                      <>
                        <Time at={data.lastBackup.createdAt} now={now} relative />
                        <span className="text-muted-foreground">
                          {`, ${plural(data.lastBackup.tableRows, "row")} and ${plural(data.lastBackup.objects, "object")}`}
                        </span>
                      </>
                    ) : (
                      "none by fermata backup"
                    ),
                  ],
                  [
                    "Deletions that wait",
                    data.outbox.oldestAt ? (
                      <>
                        {formatCount(data.outbox.waiting)}, the oldest{" "}
                        <Time at={data.outbox.oldestAt} now={now} relative />
                      </>
                    ) : (
                      "none"
                    ),
                  ],
                ]}
              />
            </Section>
          </div>
        </div>
      )}
    </Page>
  );
}

type Health = NonNullable<ReturnType<typeof useHealth>["data"]>;

function needOf({ key, severity, title, body }: Health["needs"][number]): Need {
  const isError = severity === "error";
  return {
    key,
    icon: isError ? CircleX : TriangleAlert,
    colour: isError ? "text-destructive" : "text-warning",
    title,
    body,
  };
}

function figuresOf({ process, pool, requests }: Health) {
  return [
    {
      label: "Event loop",
      value: formatCount(Math.round(process.loopLagP99Ms)),
      unit: "ms late",
      note: `p99 of a minute, median ${process.loopLagP50Ms}`,
    },
    {
      label: "Memory",
      value: formatBytes(process.residentBytes),
      note: `heap ${formatBytes(process.heapUsedBytes)} of ${formatBytes(process.heapLimitBytes)}`,
    },
    {
      label: "Connections",
      value: formatCount(pool.open - pool.idle),
      unit: `of ${formatCount(pool.size)}`,
      note:
        pool.waiting > 0
          ? `${plural(pool.waiting, "statement")} ${pool.waiting === 1 ? "waits" : "wait"}`
          : "no statement waits",
    },
    {
      label: "Requests",
      value: formatCount(requests.running),
      unit: `of ${formatCount(requests.slots)}`,
      note: `${formatCount(requests.waiting)} wait, ${formatCount(requests.refused)} refused since the start`,
    },
  ];
}
