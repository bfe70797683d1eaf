"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Hour, toHours } from "./hours";

export interface Peak {
  value: number;
  at: Date;
}

export interface Activity {
  hours: Hour[];
  /** The most peers at any one sample; null where nobody came. */
  peak: Peak | null;
  error: unknown;
}

/** The last day in the rooms that the signed-in user may see; null until it is there. */
export function useActivity(now: Date): Activity | null {
  const trpc = useTRPC();
  const query = useQuery({
    ...trpc.signaling.activity.queryOptions(),
    refetchInterval: 60_000,
  });
  // By the minute: the page's clock goes by the second.
  const minute = Math.floor(now.getTime() / 60_000);
  return useMemo(() => {
    if (!query.data) return query.error ? { hours: [], peak: null, error: query.error } : null;
    const { samples, stepSeconds } = query.data;
    const most = samples.toSorted((a, b) => b.peers - a.peers)[0];
    return {
      hours: toHours(samples, stepSeconds, new Date(minute * 60_000)),
      peak: most && most.peers > 0 ? { value: most.peers, at: new Date(most.at) } : null,
      error: null,
    };
  }, [query.data, query.error, minute]);
}
