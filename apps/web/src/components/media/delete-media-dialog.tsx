"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "../../lib/toasts";
import { ConfirmDialog } from "../ui/confirm-dialog";
import type { MediaRow } from "./use-media";

interface DeleteMediaDialogProps {
  media: MediaRow;
  open: boolean;
  onOpenChange(open: boolean): void;
  onDeleted(): void;
}

export function DeleteMediaDialog(props: DeleteMediaDialogProps) {
  const { media, open, onOpenChange, onDeleted } = props;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    trpc.storage.delete.mutationOptions({
      onSuccess: async () => {
        onDeleted();
        toast(`Deleted ${media.filename}`);
        await Promise.all([
          queryClient.invalidateQueries(trpc.storage.pathFilter()),
          queryClient.invalidateQueries(trpc.overview.pathFilter()),
        ]);
      },
    }),
  );
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => {
        mutation.reset();
        onOpenChange(next);
      }}
      title={`Delete ${media.filename} for good?`}
      description={whatBreaks(media)}
      keep="Keep it"
      confirm="Delete it"
      onConfirm={() => mutation.mutate({ key: media.key })}
      pending={mutation.isPending}
      error={mutation.error}
    />
  );
}

function whatBreaks({ status, visibility }: MediaRow): string {
  if (status === "pending") return "Its upload ends, and the space it reserved is free again.";
  if (status === "failed") return "Nothing was stored for it; only this entry goes.";
  return visibility === "public"
    ? "Pages that show it will have a gap. Copies in caches fade within their time."
    : "Every signed link to it stops working.";
}
