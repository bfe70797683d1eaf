"use client";

import { useTRPC } from "@fermata/api/react";
import type { Instrument } from "@fermata/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "../../lib/toasts";
import { ConfirmDialog } from "../ui/confirm-dialog";

interface DeleteInstrumentDialogProps {
  instrument: Instrument;
  open: boolean;
  onOpenChange(open: boolean): void;
}

export function DeleteInstrumentDialog(props: DeleteInstrumentDialogProps) {
  const { instrument, open, onOpenChange } = props;
  const { instrumentId, name, publishedAt } = instrument;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const mutation = useMutation(
    trpc.instruments.delete.mutationOptions({
      onSuccess: async () => {
        toast(`Deleted ${name}`);
        router.push("/instruments");
        await queryClient.invalidateQueries(trpc.instruments.list.pathFilter());
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
      title={`Delete ${name} for good?`}
      description={
        publishedAt
          ? "Its page is gone for everybody. Its photos and clips stay under Media."
          : "What you wrote of it is gone. Its photos and clips stay under Media."
      }
      keep="Keep it"
      confirm="Delete it"
      onConfirm={() => mutation.mutate({ instrumentId })}
      pending={mutation.isPending}
      error={mutation.error}
    />
  );
}
