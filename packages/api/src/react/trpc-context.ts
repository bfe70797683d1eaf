"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { useMemo } from "react";
import type { PlainRouter } from "../procedures";
import { useFermata } from "./fermata-provider";
import type { OptionsProxy } from "./options-proxy";

/** Typed `queryOptions`, `mutationOptions` and query keys for every procedure, for TanStack Query's own hooks. */
export function useTRPC(): OptionsProxy {
  const { trpc: client } = useFermata();
  const queryClient = useQueryClient();
  return useMemo(
    () => createTRPCOptionsProxy<PlainRouter>({ client, queryClient }) as object as OptionsProxy,
    [client, queryClient],
  );
}
