import type { AppRouter } from "@fermata/api";
import type { User } from "@fermata/contract";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { consoleOfApp } from "./api-slot";
import { pageClient } from "./page-client";
import { whoAsks } from "./who-asks";

interface FirstAnswersProps {
  /** What the page asks for first, with the input that it asks with. Whatever fails is asked again by the page. */
  ask(queries: QueryClient, trpc: TRPCOptionsProxy<AppRouter>, user: User): Promise<void>[];
  children: ReactNode;
}

/** Puts the answers to a page's first questions into its HTML, so that they do not wait for its scripts. */
export async function FirstAnswers({ ask, children }: FirstAnswersProps) {
  // A page that is gone to from another one has what both show already, and asks for the rest itself.
  if ((await headers()).get("sec-fetch-dest") !== "document") return children;
  // Nobody is signed in there, and its lists are everybody's.
  if (consoleOfApp()) return children;
  const me = await whoAsks();
  if (!me) return children;
  const queryClient = new QueryClient();
  const { trpc: client } = await pageClient(await headers());
  const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
  await Promise.all(ask(queryClient, trpc, me.user));
  return <HydrationBoundary state={dehydrate(queryClient)}>{children}</HydrationBoundary>;
}
