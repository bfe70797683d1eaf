"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";

/** The figures of the sidebar and of the Overview; one request serves both. */
export function useSummary() {
  const trpc = useTRPC();
  return useQuery({ ...trpc.overview.summary.queryOptions(), refetchInterval: 30_000 });
}
