"use client";

import {
  addVideoPoster,
  createFermata,
  createUploadQueue,
  toFermataError,
  type UploadItem,
} from "@fermata/api";
import { FermataProvider } from "@fermata/api/react";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

/** Prefixes of what an upload changes. */
const changedByUploads = [["files"], ["storage"], ["overview"]];

function createServices(url: string) {
  const onError = (error: unknown) => {
    // The layout asks who this is and leads to the sign-in page.
    if (toFermataError(error).code !== "UNAUTHENTICATED") return;
    void queryClient.invalidateQueries({ queryKey: [["auth", "me"]] });
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && isPassing(error),
        // An installation on a laptop or a local network answers without the internet, too.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  const client = createFermata({ url });
  const uploadQueue = createUploadQueue(client, {
    onDone: (item) => {
      showUploaded();
      void addPoster(item);
    },
  });
  const showUploaded = () => {
    for (const path of changedByUploads) void queryClient.invalidateQueries({ queryKey: [path] });
  };
  // The film is at hand here and nowhere else. Without a poster it is shown by a frame that the browser fetches.
  const addPoster = async ({ kind, result, file }: UploadItem) => {
    if (kind !== "media" || !result?.contentType.startsWith("video/")) return;
    const media = await addVideoPoster(client, result, file).catch(() => null);
    if (media) showUploaded();
  };
  return { client, queryClient, uploadQueue };
}

/** Worth asking again without being told to. */
function isPassing(error: unknown): boolean {
  const { code } = toFermataError(error);
  return code === "NETWORK" || code === "UPSTREAM_UNAVAILABLE";
}

interface ProvidersProps {
  /** Where the API is, when not below `/api`. */
  url?: string;
  children: ReactNode;
}

export function Providers({ url = "", children }: ProvidersProps) {
  const [services] = useState(() => createServices(url));
  return <FermataProvider {...services}>{children}</FermataProvider>;
}
