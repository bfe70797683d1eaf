"use client";

import { useTRPC } from "@fermata/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId } from "react";
import { useFormDirty } from "../../lib/use-form-dirty";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { TextField } from "../ui/text-field";

interface NewInstrumentDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

export function NewInstrumentDialog({ open, onOpenChange }: NewInstrumentDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const form = useId();
  const { dirty, watch } = useFormDirty();
  const create = useMutationOnce(
    trpc.instruments.create.mutationOptions({
      onSuccess: ({ instrumentId }) => {
        void queryClient.invalidateQueries(trpc.instruments.list.pathFilter());
        router.push(`/instruments/edit/${instrumentId}`);
      },
    }),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      dirty={dirty && !create.isSuccess}
      title="New instrument"
      description="Only you see it until you publish it."
      actions={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button
            type="submit"
            form={form}
            variant="primary"
            disabled={create.isPending || create.isSuccess}
          >
            Create it
          </Button>
        </>
      }
    >
      <form
        {...watch}
        id={form}
        className="mt-4 grid gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          const fields = new FormData(event.currentTarget);
          const read = (name: string) => String(fields.get(name) ?? "");
          create.mutate({ name: read("name"), maker: read("maker"), year: read("year") });
        }}
      >
        <TextField
          label="Name"
          name="name"
          required
          maxLength={300}
          placeholder="Osterlind 204"
          data-autofocus
        />
        <TextField label="Maker" name="maker" maxLength={300} placeholder="Osterlind, Gothenburg" />
        <TextField label="Year" name="year" maxLength={300} placeholder="1968, rebuilt 2024" />
        {create.error && <FailureNote error={create.error} />}
      </form>
    </Dialog>
  );
}
