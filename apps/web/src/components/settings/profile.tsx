"use client";

import { useTRPC } from "@fermata/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "../../lib/toasts";
import { useUnsaved } from "../../lib/unsaved";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { Section } from "../ui/section";
import { TextField } from "../ui/text-field";
import { AvatarField } from "./avatar-field";

export function Profile() {
  return (
    <Section title="Profile">
      <div className="grid max-w-[560px] gap-5 pt-4">
        <AvatarField />
        <NameForm />
      </div>
    </Section>
  );
}

function NameForm() {
  const me = useMe();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [name, setName] = useState(me.name ?? "");
  const save = useMutation(
    trpc.profile.setName.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.pathFilter()),
    }),
  );
  const changed = name.trim() !== (me.name ?? "") && name.trim() !== "";
  useUnsaved(name.trim() !== (me.name ?? "") && !save.isPending);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const former = me.name;
    save.mutate(
      { name },
      {
        onSuccess: () =>
          toast(
            "Your name is changed",
            former
              ? () => {
                  setName(former);
                  save.mutate({ name: former });
                }
              : undefined,
          ),
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <div className="flex items-end gap-2">
        <TextField
          className="flex-1"
          label="Name"
          autoComplete="name"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" size="lg" disabled={!changed || save.isPending}>
          {save.isPending ? "Saving…" : "Save"}
        </Button>
      </div>
      {save.error && <FailureNote error={save.error} />}
    </form>
  );
}
