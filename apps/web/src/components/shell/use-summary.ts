"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { useIsOperator } from "./me";

/** The figures of the sidebar and of the Overview; one request serves both. */
export function useSummary() {
  const trpc = useTRPC();
  const enabled = !useIsOperator();
  return useQuery({ ...trpc.overview.summary.queryOptions(), enabled, refetchInterval: 30_000 });
}
