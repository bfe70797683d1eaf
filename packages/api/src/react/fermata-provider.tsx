"use client";

import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Fermata } from "../create-fermata";
import type { UploadQueue } from "../upload-queue";

interface FermataContextValue {
  client: Fermata;
  /** Made by the first hook that shows it, where none was given. */
  queue: UploadQueue | null;
}

const FermataContext = createContext<FermataContextValue | null>(null);

export interface FermataProviderProps {
  /** From `createFermata`; made once, outside of rendering. */
  client: Fermata;
  /** Left out: the one of a QueryClientProvider further up, else one of its own. */
  queryClient?: QueryClient;
  /** What `useUploadQueue` shows; left out, the provider makes one. */
  uploadQueue?: UploadQueue;
  children?: ReactNode;
}

/** Gives the hooks of this package their client, and one upload queue that outlives single pages. */
export function FermataProvider(props: FermataProviderProps) {
  const { client, uploadQueue, children } = props;
  const outer = useContext(QueryClientContext);
  const [own] = useState(() => props.queryClient ?? outer ?? new QueryClient());
  const queryClient = props.queryClient ?? outer ?? own;
  const value = useMemo(
    (): FermataContextValue => ({ client, queue: uploadQueue ?? null }),
    [client, uploadQueue],
  );
  return (
    <QueryClientProvider client={queryClient}>
      <FermataContext.Provider value={value}>{children}</FermataContext.Provider>
    </QueryClientProvider>
  );
}

export function useFermataContext(): FermataContextValue {
  const value = useContext(FermataContext);
  if (!value) throw new Error("This hook needs a <FermataProvider> further up.");
  return value;
}

/** The client that the nearest provider was given. */
export function useFermata(): Fermata {
  return useFermataContext().client;
}
