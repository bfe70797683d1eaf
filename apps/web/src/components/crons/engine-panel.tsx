"use client";

import { useTRPC } from "@fermata/api/react";
import type { CronEngine } from "@fermata/contract";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleDashed, CircleX, ExternalLink, TriangleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { formatRelative, formatWhen } from "../../lib/dates";
import { formatCount } from "../../lib/format";
import { FailureNote } from "../ui/failure";
import { ProgressBar } from "../ui/progress-bar";
import { Bone, Loading } from "../ui/skeleton";
import { StateLabel } from "../ui/state-label";
import { heatHours } from "./heat";
import { HeatLegend } from "./heat-legend";
import { WeekStrip } from "./week-strip";

/** What runs the jobs and whether it calls, what that came to this month, and how the week went. */
export function EnginePanel({ now }: { now: Date }) {
  const trpc = useTRPC();
  const engine = useQuery({ ...trpc.crons.engine.queryOptions(), refetchInterval: 5_000 });
  const week = useQuery({ ...trpc.crons.week.queryOptions(), refetchInterval: 30_000 });
  const error = engine.error ?? week.error;
  if (error && !engine.data) return <FailureNote error={error} className="mb-6" />;
  if (!engine.data || !week.data) {
    return (
      <Loading label="Loading the engine">
        <Bone className="mb-7 h-[104px]" />
      </Loading>
    );
  }
  return (
    <section
      aria-label="Engine"
      className="mb-7 grid grid-cols-[minmax(0,250px)_minmax(0,230px)_minmax(0,1fr)] border-t border-t-foreground border-b max-lg:grid-cols-2"
    >
      <Cell label="Engine">
        <EngineState engine={engine.data} now={now} />
      </Cell>
      <Cell label="Executions this month" className="border-l pl-5 max-md:pl-3.5">
        <Executions engine={engine.data} />
      </Cell>
      <Cell
        label="Last seven days, by hours"
        className="border-l pl-5 max-lg:col-span-2 max-lg:border-t max-lg:border-l-0 max-lg:pl-0 pr-0 max-md:pr-0"
      >
        <div className="mt-2.5">
          <WeekStrip hours={heatHours(week.data)} now={now} />
          <HeatLegend />
        </div>
      </Cell>
    </section>
  );
}

function Cell({
  label,
  className = "",
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={`min-w-0 pt-3.5 pr-5 pb-4 max-md:pr-3 ${className}`}>
      <h2 className="text-muted-foreground text-xs">{label}</h2>
      {children}
    </div>
  );
}

const looks = {
  calling: ["ok", CircleCheck],
  unknown: ["off", CircleDashed],
  silent: ["bad", TriangleAlert],
  unregistered: ["bad", CircleX],
} satisfies Record<CronEngine["state"], [ComponentProps<typeof StateLabel>["tone"], unknown]>;

function EngineState({ engine, now }: { engine: CronEngine; now: Date }) {
  const [tone, icon] = looks[engine.state];
  return (
    <>
      <p className="mt-0.5 font-display text-[22px] leading-8 tracking-[-0.01em] max-md:text-[18px]">
        {engine.engine === "inngest" ? "Inngest" : "Embedded runner"}
      </p>
      <StateLabel
        tone={tone}
        icon={icon}
        className="items-start [&>.lucide]:mt-[3px] [&>span]:whitespace-normal"
      >
        {inWords(engine, now)}
      </StateLabel>
      <p className="mt-0.5 text-muted-foreground text-xs [overflow-wrap:anywhere]">
        {explain(engine, now)}
      </p>
      {engine.dashboardUrl && (
        <a
          href={engine.dashboardUrl}
          target="_blank"
          rel="noreferrer"
          className="mt-1 inline-flex items-center gap-1.5 text-xs underline decoration-border-strong underline-offset-4 [&_svg]:size-3"
        >
          Open Inngest
          <ExternalLink />
        </a>
      )}
    </>
  );
}

function inWords({ state, lastCalledAt }: CronEngine, now: Date): string {
  const last = lastCalledAt ? formatRelative(new Date(lastCalledAt), now) : null;
  switch (state) {
    case "calling":
      return `Calls us, last time ${last}`;
    case "silent":
      return last ? `Silent, last call ${last}` : "Never called";
    case "unregistered":
      return "Does not know this app";
    case "unknown":
      return "No call yet";
  }
}

function explain(engine: CronEngine, now: Date): string {
  const { state, problem, silentSince, registeredAt, appId } = engine;
  if (state === "unregistered") return `${problem} It is tried again, at least once a minute.`;
  if (state === "silent" && silentSince)
    return `A slot at ${formatWhen(new Date(silentSince), now)} was due and not called for.`;
  if (engine.engine === "embedded") return "In this server, on your PostgreSQL";
  return registeredAt
    ? `As ${appId}, registered ${formatRelative(new Date(registeredAt), now)}`
    : `As ${appId}, not registered by this server`;
}

function Executions({ engine: { executions, engine } }: { engine: CronEngine }) {
  const { count, projected, included } = executions;
  const isOver = included !== null && (projected ?? count) > included;
  return (
    <>
      <p className="mt-0.5 truncate font-display text-[22px] lining-nums leading-8 tracking-[-0.01em] max-md:text-[18px]">
        {formatCount(count)}
        {included !== null && (
          <small className="ml-1.5 text-[15px] text-muted-foreground">
            of {formatCount(included)}
          </small>
        )}
      </p>
      {included !== null && (
        <ProgressBar
          label="Of the plan's executions"
          value={Math.min(1, count / included)}
          failed={isOver}
          className="my-1.5"
        />
      )}
      <p className={isOver ? "text-destructive text-xs" : "text-muted-foreground text-xs"}>
        {projected !== null && `About ${formatCount(projected)} by its end`}
        {projected !== null && included === null && ", "}
        {included === null &&
          (projected === null
            ? `Nothing is billed ${engine === "embedded" ? "here" : "on your own Inngest"}`
            : "nothing is billed")}
        {projected === null && included !== null && "Runs plus steps, as Inngest bills them"}
      </p>
    </>
  );
}
