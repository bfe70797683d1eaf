"use client";

import type { AppRouter } from "@fermata/server/api-types";
import { useQueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { useMemo } from "react";
import { useFermata } from "./fermata-provider";

/** Typed `queryOptions`, `mutationOptions` and query keys for every procedure, for TanStack Query's own hooks. */
export function useTRPC(): TRPCOptionsProxy<AppRouter> {
  const { trpc: client } = useFermata();
  const queryClient = useQueryClient();
  return useMemo(
    () => createTRPCOptionsProxy<AppRouter>({ client, queryClient }),
    [client, queryClient],
  );
}
