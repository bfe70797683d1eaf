"use client";

import { useTRPC } from "@fermata/api/react";
import { limits, signaling } from "@fermata/contract";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import "../../lib/quiet-zod";
import { useFormDirty } from "../../lib/use-form-dirty";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { Dialog, DialogClose } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { TextField } from "../ui/text-field";
import { InviteLines } from "./invite-lines";

interface NewRoomDialogProps {
  open: boolean;
  close(): void;
}

/** Opens a room, then shows its invite: the server keeps only a hash of it. */
export function NewRoomDialog({ open, close }: NewRoomDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const formId = useId();
  const { dirty, watch } = useFormDirty();
  const mutation = useMutationOnce(
    trpc.signaling.createRoom.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.signaling.rooms.pathFilter()),
    }),
  );
  const created = mutation.data;
  const end = () => {
    close();
    mutation.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={end}
      dirty={dirty && !created}
      title={created ? "The room is open" : "New room"}
      description={
        created
          ? "Take the invite with you: it is shown this once."
          : "Guests come in with its invite and need no account."
      }
      className="w-[480px]"
      actions={
        created ? (
          <Button variant="primary" onClick={end}>
            Done
          </Button>
        ) : (
          <>
            <DialogClose>Cancel</DialogClose>
            <Button variant="primary" type="submit" form={formId} disabled={mutation.isPending}>
              {mutation.isPending ? "Opening…" : "Open the room"}
            </Button>
          </>
        )
      }
    >
      {created ? (
        <InviteLines {...created} capacity={mutation.variables?.capacity} />
      ) : (
        <>
          <RoomForm id={formId} watch={watch} submit={mutation.mutate} />
          {mutation.error && <FailureNote error={mutation.error} />}
        </>
      )}
    </Dialog>
  );
}

interface RoomFormProps {
  id: string;
  watch: ReturnType<typeof useFormDirty>["watch"];
  submit(input: { name?: string; capacity: number }): void;
}

function RoomForm({ id, watch, submit }: RoomFormProps) {
  const [refused, setRefused] = useState<PropertyKey[]>([]);
  const { maxCapacity } = limits.signaling;
  const seats = `From 1 to ${maxCapacity}`;
  const submitted = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = String(fields.get("name")).trim();
    const input = signaling.createRoom.input.safeParse({
      ...(name && { name }),
      capacity: Number(fields.get("capacity")),
    });
    if (input.success) {
      submit(input.data);
      return;
    }
    setRefused(input.error.issues.flatMap(({ path }) => path));
  };
  return (
    <form
      {...watch}
      id={id}
      noValidate
      onSubmit={submitted}
      className="mt-4 flex gap-3 max-md:flex-col"
    >
      <TextField
        className="flex-1"
        label="Name"
        name="name"
        maxLength={120}
        autoComplete="off"
        data-autofocus=""
        error={refused.includes("name") ? "At most 120 characters" : null}
        hint="Optional; it is shown in this console."
      />
      <TextField
        className="w-[112px] max-md:w-full"
        label="Seats"
        name="capacity"
        type="number"
        inputMode="numeric"
        min={1}
        max={maxCapacity}
        defaultValue={2}
        error={refused.includes("capacity") ? seats : null}
        hint={seats}
      />
    </form>
  );
}
