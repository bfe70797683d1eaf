"use client";

import { useTRPC } from "@fermata/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { TextField } from "../ui/text-field";

/** A name is enough; its page is where the photographs go. */
export function FirstInstrument({ done }: { done(): void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const create = useMutationOnce(
    trpc.instruments.create.mutationOptions({
      onSuccess: ({ instrumentId }) => {
        done();
        void queryClient.invalidateQueries(trpc.instruments.list.pathFilter());
        router.push(`/instruments/edit/${instrumentId}`);
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ name: String(new FormData(event.currentTarget).get("name") ?? "") });
  };
  return (
    <form onSubmit={submit} className="flex max-w-[460px] items-end gap-2 pb-1.5">
      <TextField
        className="flex-1"
        label="Its name"
        name="name"
        required
        maxLength={300}
        placeholder="Osterlind 204"
        autoComplete="off"
      />
      <Button
        type="submit"
        size="lg"
        variant="primary"
        disabled={create.isPending || create.isSuccess}
      >
        Make it
      </Button>
      {create.error && <FailureNote error={create.error} />}
    </form>
  );
}
