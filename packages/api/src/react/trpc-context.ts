"use client";

import type { AppRouter } from "@fermata/server/api-types";
import { createTRPCContext } from "@trpc/tanstack-react-query";

const context = createTRPCContext<AppRouter>();

export const TRPCProvider = context.TRPCProvider;

/** Typed `queryOptions`, `mutationOptions` and query keys for every procedure, for TanStack Query's own hooks. */
export const useTRPC = context.useTRPC;
