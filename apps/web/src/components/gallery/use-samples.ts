import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

/** The newest of one's own files and media that there is something to see of. */
export function useSamples() {
  const trpc = useTRPC();
  const [chosen, setStorageId] = useState<string | null>(null);
  const files = useQuery(trpc.files.list.queryOptions({ limit: 10, type: "image" }));
  const media = useQuery({
    ...trpc.storage.list.queryOptions({ limit: 50 }),
    // Copies are made a moment after an upload.
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ processing }) => processing?.state === "processing")
        ? 2_000
        : false,
  });
  const ready = media.data?.items.filter(({ status }) => status === "ready") ?? [];
  return {
    setStorageId,
    storageId: chosen ?? files.data?.items.find(({ image }) => image)?.storageId ?? null,
    picture: ready.find(({ contentType }) => contentType.startsWith("image/")) ?? null,
    clip: ready.find(({ contentType }) => /^(video|audio)\//.test(contentType)) ?? null,
  };
}
