"use client";

import { useTRPC } from "@fermata/api/react";
import { type AuditEvent, type AuditKind, limits } from "@fermata/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, List, LogIn, ScrollText, ShieldAlert, UserCog } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { byCursor, listInputs } from "../../lib/list-inputs";
import { useNow } from "../../lib/use-now";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { FilterMenu } from "../ui/filter-menu";
import { MoreButton } from "../ui/more-button";
import { Page } from "../ui/page";
import { Bone, Loading } from "../ui/skeleton";
import { Time } from "../ui/time";
import { auditKinds, describeEvent } from "./describe-event";

const filters = [
  ["all", "Everything", List],
  ["failures", "Failed sign-ins", ShieldAlert],
  ["signIns", "Sign-ins and sessions", LogIn],
  ["secrets", "Passwords and second factors", KeyRound],
  ["accounts", "Accounts and settings", UserCog],
] as const;
type Filter = (typeof filters)[number][0];

const prefixes: Record<Exclude<Filter, "all">, string[]> = {
  failures: ["signIn.failed"],
  signIns: ["signIn.succeeded", "session."],
  secrets: ["password.", "resetLink.", "secondFactor.", "recoveryCode"],
  accounts: ["user.", "invitation.", "signUpPolicy.", "store."],
};

function kindsOf(filter: Filter): AuditKind[] | undefined {
  if (filter === "all") return undefined;
  return auditKinds.filter((kind) => prefixes[filter].some((prefix) => kind.startsWith(prefix)));
}

export function AuditPage() {
  const trpc = useTRPC();
  const now = useNow();
  const [filter, setFilter] = useState<Filter>("all");
  const kinds = kindsOf(filter);
  const list = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { ...listInputs.audit, ...(kinds && { kinds }) },
      byCursor,
    ),
  );
  const events = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Page
      title="Audit"
      sub={`What concerns security, newest first. Kept for ${limits.auditDays} days.`}
      actions={
        <FilterMenu<Filter>
          label="Show"
          value={filter}
          off="all"
          onChange={setFilter}
          options={filters}
        />
      }
    >
      {list.isPending && (
        <Loading label="Loading the audit log">
          <Bone className="mt-4 w-72" />
          <Bone className="mt-8 w-64" />
          <Bone className="mt-8 w-80" />
        </Loading>
      )}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data && events.length === 0 && (
        <EmptyState icon={<ScrollText />} title="Nothing of this kind">
          Sign-ins, changes of accounts and what else concerns security is written down here.
        </EmptyState>
      )}
      {events.length > 0 && (
        <ul className="border-t border-t-foreground">
          {events.map((event) => (
            <EventRow key={event.eventId} event={event} now={now} />
          ))}
        </ul>
      )}
      <MoreButton list={list} />
    </Page>
  );
}

/** Where nobody was signed in. */
const somebodyElse: Partial<Record<AuditKind, string>> = {
  "signIn.failed": "Somebody",
  "user.created": "The first start",
};

function EventRow({ event, now }: { event: AuditEvent; now: Date }) {
  const { icon: Icon, text, warns } = describeEvent(event);
  const who = event.actor?.email ?? somebodyElse[event.kind] ?? "The terminal";
  return (
    <li className="grid min-h-12 grid-cols-[20px_minmax(0,1fr)_minmax(0,220px)_130px_150px] items-center gap-x-3 border-b py-2 text-sm max-lg:grid-cols-[20px_minmax(0,1fr)_auto] max-md:items-start">
      <Icon
        aria-hidden="true"
        className={cn(
          "size-[18px] max-md:mt-px",
          warns ? "text-warning-mark" : "text-muted-foreground",
        )}
      />
      <div className="min-w-0">
        <div className="break-words font-medium">{text}</div>
        <div className="truncate text-muted-foreground text-xs lg:hidden">
          {who}
          {event.address && `, ${event.address}`}
        </div>
      </div>
      <span className="truncate text-muted-foreground max-lg:hidden" title={who}>
        {who}
      </span>
      <span className="truncate text-muted-foreground tabular-nums max-lg:hidden">
        {event.address ?? ""}
      </span>
      <span className="text-right text-muted-foreground">
        <Time at={event.count > 1 ? event.lastAt : event.at} now={now} />
      </span>
    </li>
  );
}
