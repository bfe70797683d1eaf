import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";

/** Often enough to watch a server under load, and seldom enough not to be a load. */
const everyMs = 10_000;

export function useHealth() {
  const trpc = useTRPC();
  return useQuery({ ...trpc.operations.health.queryOptions(), refetchInterval: everyMs });
}
