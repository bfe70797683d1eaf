"use client";

import { useTRPC } from "@fermata/api/react";
import type { Instrument } from "@fermata/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

const processingRefetchMs = 3_000;

/** One instrument, and every change of it. Each change answers with the whole, which is shown at once. */
export function useInstrument(instrumentId: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const query = useQuery({
    ...trpc.instruments.get.queryOptions({ instrumentId }),
    refetchInterval: ({ state }) =>
      state.data?.media.some(({ media }) => media.processing?.state === "processing")
        ? processingRefetchMs
        : false,
  });
  const { queryKey } = trpc.instruments.get.queryOptions({ instrumentId });
  const show = (instrument: Instrument) => {
    queryClient.setQueryData(queryKey, instrument);
    void queryClient.invalidateQueries({ ...trpc.instruments.list.pathFilter() });
    void queryClient.invalidateQueries({ ...trpc.storage.list.pathFilter() });
  };
  const onSuccess = show;
  return {
    query,
    update: useMutation(trpc.instruments.update.mutationOptions({ onSuccess })),
    addMedia: useMutation(trpc.instruments.addMedia.mutationOptions({ onSuccess })),
    updateMedia: useMutation(trpc.instruments.updateMedia.mutationOptions({ onSuccess })),
    removeMedia: useMutation(trpc.instruments.removeMedia.mutationOptions({ onSuccess })),
    reorderMedia: useMutation(
      trpc.instruments.reorderMedia.mutationOptions({
        // The order is shown as it was dropped, before the server has said so.
        onMutate: async ({ itemIds }) => {
          await queryClient.cancelQueries({ queryKey });
          const before = queryClient.getQueryData(queryKey);
          if (before) {
            const media = itemIds.flatMap(
              (id) => before.media.find(({ itemId }) => itemId === id) ?? [],
            );
            queryClient.setQueryData(queryKey, { ...before, media });
          }
          return { before };
        },
        onError: (_error, _input, context) => {
          if (context?.before) queryClient.setQueryData(queryKey, context.before);
          void queryClient.invalidateQueries({ queryKey });
        },
        onSuccess,
      }),
    ),
    attachFile: useMutation(trpc.instruments.attachFile.mutationOptions({ onSuccess })),
    detachFile: useMutation(trpc.instruments.detachFile.mutationOptions({ onSuccess })),
    publish: useMutation(trpc.instruments.publish.mutationOptions({ onSuccess })),
  };
}

export type InstrumentActs = ReturnType<typeof useInstrument>;
