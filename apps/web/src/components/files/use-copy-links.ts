"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { copyText } from "../../lib/copy-text";
import { plural } from "../../lib/format";
import { untilSentence } from "../../lib/link-expiry";
import { toast } from "../../lib/toasts";

/** Links that need no sign-in, one a line, and the hour at which they end. */
export function useCopyLinks(storageIds: readonly string[]) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: async () => {
      const urls = await Promise.all(
        storageIds.map((storageId) =>
          queryClient.fetchQuery(trpc.files.getUrl.queryOptions({ storageId })),
        ),
      );
      const links = urls.filter((url) => url !== null);
      if (links.length === 0 || !(await copyText(links.join("\n")))) {
        throw new Error("The browser keeps its clipboard shut.");
      }
      return links;
    },
    onSuccess: (links) =>
      toast(
        `${links.length === 1 ? "Link" : plural(links.length, "link")} copied.${untilSentence(links[0] ?? "")}`,
      ),
  });
  return { copy: () => mutation.mutate(), error: mutation.error, isPending: mutation.isPending };
}
