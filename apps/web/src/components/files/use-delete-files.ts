"use client";

import { useFermata, useTRPC } from "@fermata/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { plural } from "../../lib/format";
import { nameOf } from "./name-of";
import { deleteSoon } from "./pending-deletions";
import type { FileRow } from "./use-files";

/** Deletes files of one's own, with Undo for as long as the toast is there. */
export function useDeleteFiles(): (files: readonly FileRow[]) => void {
  const { trpc: client } = useFermata();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return (files) => {
    const [first] = files;
    if (!first) return;
    deleteSoon(
      files.map((file) => ({ storageId: file.storageId, name: nameOf(file) })),
      {
        send: (storageId) => client.files.delete.mutate({ storageId }),
        refresh: () =>
          Promise.all([
            queryClient.invalidateQueries(trpc.files.pathFilter()),
            queryClient.invalidateQueries(trpc.overview.pathFilter()),
            queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
          ]),
        text:
          files.length === 1
            ? `Deleted ${nameOf(first)}`
            : `Deleted ${plural(files.length, "file")}`,
      },
    );
  };
}
