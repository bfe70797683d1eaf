"use client";

import { useTRPC } from "@fermata/api/react";
import type { UnfinishedUpload } from "@fermata/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { formatBytes } from "../../lib/format";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { MiddleTruncate } from "../ui/middle-truncate";
import { useChooseFiles } from "../uploads/upload-target";

interface UnfinishedUploadsProps {
  items: UnfinishedUpload[];
}

/** Uploads that a closed tab left behind: the same file carries on, or they are given up. */
export function UnfinishedUploads({ items }: UnfinishedUploadsProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const choose = useChooseFiles();
  const abort = useMutation(
    trpc.storage.abortUpload.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.storage.pathFilter()),
    }),
  );
  return (
    <section aria-label="Unfinished uploads" className="mb-6 border-t border-t-foreground">
      <ul>
        {items.map(({ key, filename, sizeBytes, uploadedBytes, visibility }) => (
          <li
            key={key}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b py-2.5 text-sm"
          >
            <div className="min-w-0 flex-1 basis-60">
              <MiddleTruncate text={filename} className="font-[500]" />
              <span className="block text-muted-foreground text-xs tabular-nums">
                {Math.floor((uploadedBytes / sizeBytes) * 100)}% of {formatBytes(sizeBytes)} is
                safe. Choose the same file to carry on.
              </span>
            </div>
            <Button
              size="sm"
              // Who may see it was said when it began.
              onClick={() =>
                choose({ kind: "media", options: { visibility }, isForEverything: true })
              }
            >
              <Upload />
              Carry on
            </Button>
            <Button
              size="sm"
              variant="danger"
              disabled={abort.isPending}
              onClick={() => abort.mutate({ key })}
            >
              Give up
            </Button>
          </li>
        ))}
      </ul>
      {abort.error && <FailureNote error={abort.error} />}
    </section>
  );
}
