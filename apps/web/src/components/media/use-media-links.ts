"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { copyText } from "../../lib/copy-text";
import { untilSentence } from "../../lib/link-expiry";
import { toast } from "../../lib/toasts";
import type { MediaRow } from "./use-media";

/** Puts the lasting address of public media, or a signed link that ends, on the clipboard. */
export function useMediaLinks({ key, filename, publicUrl, visibility }: MediaRow) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const address = useMutation({
    mutationFn: () => copy(publicUrl),
    onSuccess: () => toast("Address copied"),
  });
  const signed = useMutation({
    mutationFn: async () => {
      // Public media are signed only where a name for the download is asked for.
      const input = visibility === "public" ? { key, filename } : { key };
      const url = await queryClient.fetchQuery(trpc.storage.getUrl.queryOptions(input));
      await copy(url);
      return url ?? "";
    },
    onSuccess: (url) => toast(`Signed link copied.${untilSentence(url)}`),
  });
  return { address, signed };
}

async function copy(url: string | null): Promise<void> {
  if (!url || !(await copyText(url))) throw new Error("The browser keeps its clipboard shut.");
}
