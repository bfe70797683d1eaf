"use client";

import { toFermataError } from "@fermata/api";
import { useTRPC } from "@fermata/api/react";
import { limits } from "@fermata/contract";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { plural } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { useUnsaved } from "../../lib/unsaved";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { PasswordField } from "../ui/password-field";
import { Section } from "../ui/section";

export function Password() {
  const me = useMe();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const change = useMutationOnce(
    trpc.auth.changePassword.mutationOptions({
      onSuccess: ({ revokedSessions }) => {
        setCurrent("");
        setNew("");
        toast(
          revokedSessions > 0
            ? `Password changed, ${plural(revokedSessions, "other session")} ended`
            : "Password changed",
        );
        return queryClient.invalidateQueries(trpc.auth.sessions.pathFilter());
      },
    }),
  );
  // The server answers a wrong present password as it answers a wrong sign-in.
  const wrong = change.error !== null && toFermataError(change.error).code === "UNAUTHENTICATED";
  useUnsaved(currentPassword !== "" || newPassword !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ currentPassword, newPassword });
  };
  return (
    <Section title="Password">
      <form onSubmit={submit} className="grid max-w-[560px] gap-4 pt-4">
        {/* Password managers need to know whose it is. */}
        <input type="hidden" name="username" autoComplete="username" value={me.email} readOnly />
        <PasswordField
          label="Present password"
          autoComplete="current-password"
          error={wrong ? "This is not your present password. Nothing was changed." : null}
          required
          value={currentPassword}
          onChange={(event) => setCurrent(event.target.value)}
        />
        <PasswordField
          label="New password"
          hint={`At least ${limits.passwordChars.min} characters. Changing it ends every other session.`}
          autoComplete="new-password"
          required
          minLength={limits.passwordChars.min}
          maxLength={limits.passwordChars.max}
          value={newPassword}
          onChange={(event) => setNew(event.target.value)}
        />
        {change.error && !wrong && <FailureNote error={change.error} />}
        <div>
          <Button type="submit" disabled={change.isPending || !currentPassword || !newPassword}>
            {change.isPending ? "Changing…" : "Change the password"}
          </Button>
        </div>
      </form>
    </Section>
  );
}
