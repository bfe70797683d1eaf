"use client";

import { useTRPC } from "@fermata/api/react";
import { type FormEvent, useState } from "react";
import { useMutationOnce } from "../../lib/use-mutation-once";
import { Button } from "../ui/button";
import { CodeLine } from "../ui/code-line";
import { Dialog, DialogClose } from "../ui/dialog";
import { FailureNote } from "../ui/failure";
import { PasswordField } from "../ui/password-field";
import { QrCode } from "../ui/qr-code";
import { CodeField } from "./code-field";

interface SetUpSecondFactorProps {
  onClose(): void;
  onDone(recoveryCodes: string[]): void;
}

/** The password, then the app is told the secret, then its first code. */
export function SetUpSecondFactor({ onClose, onDone }: SetUpSecondFactorProps) {
  const trpc = useTRPC();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const start = useMutationOnce(trpc.auth.startSecondFactor.mutationOptions());
  const confirm = useMutationOnce(
    trpc.auth.confirmSecondFactor.mutationOptions({
      onSuccess: ({ recoveryCodes }) => onDone(recoveryCodes),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (start.data) confirm.mutate({ totp: code });
    else start.mutate({ password });
  };
  const error = start.data ? confirm.error : start.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      dirty={password !== "" || code !== ""}
      title="Turn on the second factor"
      description={
        start.data
          ? "Show this to an authenticator app, such as the one in your password manager; then type the code that it gives."
          : "First your password, so that nobody does it in your place."
      }
    >
      <form onSubmit={submit} className="mt-4 grid gap-4">
        {start.data ? (
          <>
            <QrCode
              text={start.data.uri}
              label="A QR code with the key for your authenticator app"
              className="mx-auto size-[200px]"
            />
            <div className="text-sm">
              <p className="mb-1.5 text-muted-foreground">Or type this key into the app:</p>
              <CodeLine text={start.data.secret.replace(/(.{4})/g, "$1 ").trim()} what="the key" />
            </div>
            <CodeField value={code} onChange={setCode} hint="Six digits, new every half minute." />
          </>
        ) : (
          <PasswordField
            label="Present password"
            autoComplete="current-password"
            required
            data-autofocus=""
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
        {error && <FailureNote error={error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <DialogClose>Cancel</DialogClose>
          <Button variant="primary" type="submit" disabled={start.isPending || confirm.isPending}>
            {start.data ? "Turn on" : "Go on"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
