"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { jobPath } from "../crons/job-path";
import { OutcomeStrip } from "../crons/outcome-strip";
import { Failure } from "../ui/failure";
import { Section } from "../ui/section";

export function CronHealth({ className }: { className?: string }) {
  const trpc = useTRPC();
  const list = useQuery({ ...trpc.crons.list.queryOptions(), refetchInterval: 15_000 });
  return (
    <Section title="Cron health" aside="last 50 runs each" className={className}>
      {list.isLoadingError && (
        <Failure className="mt-4" error={list.error} retry={() => void list.refetch()} />
      )}
      <ul>
        {list.data?.items.map(({ name, recentRuns }) => (
          <li
            key={name}
            className="grid h-10 grid-cols-[minmax(0,1fr)_199px] items-center gap-3 border-t first:border-t-0"
          >
            <Link
              href={jobPath(name)}
              title={name}
              className="truncate font-[500] text-xs hover:underline"
            >
              {name}
            </Link>
            <OutcomeStrip runs={recentRuns} size="narrow" />
          </li>
        ))}
      </ul>
    </Section>
  );
}
