"use client";

import { useTRPC } from "@fermata/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { CodeLine } from "../ui/code-line";
import { Dialog, DialogClose } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { TextField } from "../ui/text-field";

interface InviteDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Creates a user without a password and shows the link that sets one, this once. */
export function InviteDialog({ open, onOpenChange }: InviteDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [admin, setAdmin] = useState(false);
  const invite = useMutationOnce(
    trpc.auth.createUser.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.users.pathFilter()),
    }),
  );
  const changed = (next: boolean) => {
    onOpenChange(next);
    if (next) return;
    invite.reset();
    setEmail("");
    setName("");
    setAdmin(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ email, role: admin ? "admin" : "member", ...(name.trim() && { name }) });
  };

  if (invite.data) {
    return (
      <Dialog
        open={open}
        onOpenChange={changed}
        title={`${email} is invited`}
        description="Send them this link; there is no mail from here. It works once, for seven days, and is shown this once."
        className="w-[520px]"
        actions={
          <Button variant="primary" onClick={() => changed(false)}>
            Done
          </Button>
        }
      >
        {invite.data.inviteUrl && (
          <CodeLine className="mt-4" text={invite.data.inviteUrl} what="the link" />
        )}
      </Dialog>
    );
  }
  return (
    <Dialog
      open={open}
      onOpenChange={changed}
      dirty={email !== "" || name !== ""}
      title="Invite somebody"
      description="You get a link to send. They choose a password and are in."
    >
      <form onSubmit={submit} className="mt-4 grid gap-4">
        <TextField
          label="Email"
          type="email"
          autoComplete="off"
          required
          maxLength={254}
          placeholder="ines@example.com"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          data-autofocus=""
        />
        <TextField
          label="Name"
          hint="They can change it."
          autoComplete="off"
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <label className="flex items-start gap-2.5 text-sm pointer-coarse:min-h-11">
          <input
            type="checkbox"
            checked={admin}
            onChange={(event) => setAdmin(event.target.checked)}
            className="mt-0.5 size-4 accent-primary"
          />
          <span>
            <span className="block font-medium">Admin</span>
            <span className="block text-muted-foreground text-xs">
              Sees every room, runs jobs, invites people.
            </span>
          </span>
        </label>
        {invite.error && <FailureNote error={invite.error} />}
        <div className="flex justify-end gap-2">
          <DialogClose>Cancel</DialogClose>
          <Button variant="primary" type="submit" disabled={invite.isPending}>
            {invite.isPending ? "Inviting…" : "Invite"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
