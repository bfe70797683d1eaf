"use client";

import { useTRPC } from "@fermata/api/react";
import type { QueuedJob } from "@fermata/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { FailureNote } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { Section } from "../ui/section";
import { QueuedRow, queueColumns } from "./queued-row";

const PAGE_ITEMS = 20;

/** What was asked for one by one: what waits or runs, and what came of the rest. */
export function QueueSection({ now }: { now: Date }) {
  const waiting = useQueue({ over: false });
  const over = useQueue({ over: true });
  const [openId, setOpenId] = useState<string | null>(null);
  const error = waiting.error ?? over.error;
  const isEmpty = waiting.items.length === 0 && over.items.length === 0;
  const rows = (items: QueuedJob[], title: string) =>
    items.length > 0 && (
      <section aria-label={title}>
        <h3 className="pt-3 pb-1.5 text-muted-foreground text-xs">{title}</h3>
        <ul className="border-t">
          {items.map((job) => (
            <QueuedRow
              key={job.jobId}
              job={job}
              now={now}
              opened={job.jobId === openId}
              toggle={() => setOpenId(job.jobId === openId ? null : job.jobId)}
            />
          ))}
        </ul>
      </section>
    );

  return (
    <Section title="Asked for" aside="kept for 7 days once they are over" className="mt-9">
      {error && <FailureNote error={error} className="mt-3" />}
      {waiting.isReady && over.isReady && isEmpty && (
        <p className="py-4 text-muted-foreground text-sm">
          Nothing was asked for. A job that is declared with{" "}
          <span className="mono">crons.onDemand</span> stands here from the moment it is asked for
          until a week after its end.
        </p>
      )}
      {!isEmpty && (
        <div
          aria-hidden="true"
          className={cn(
            queueColumns,
            "min-h-[30px] border-b text-muted-foreground text-xs max-md:hidden",
          )}
        >
          <span>Job</span>
          <span>State</span>
          <span>When</span>
          <span>Attempt</span>
        </div>
      )}
      {rows(waiting.items, "Waiting and running, the soonest first")}
      <MoreButton list={waiting.list} />
      {rows(over.items, "Over, newest first")}
      <MoreButton list={over.list} />
    </Section>
  );
}

function useQueue({ over }: { over: boolean }) {
  const trpc = useTRPC();
  const list = useInfiniteQuery({
    ...trpc.crons.queue.infiniteQueryOptions(
      { over, limit: PAGE_ITEMS },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    refetchInterval: 5_000,
  });
  return {
    list,
    items: list.data?.pages.flatMap(({ items }) => items) ?? [],
    isReady: list.data !== undefined,
    error: list.data ? null : list.error,
  };
}
