"use client";

import { toFermataError } from "@fermata/api";
import { useTRPC } from "@fermata/api/react";
import { limits } from "@fermata/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "../../lib/address";
import { formatClock, sentenceDay } from "../../lib/dates";
import { Button, buttonClass } from "../ui/button";
import { Failure, FailureNote } from "../ui/failure";
import { PasswordField } from "../ui/password-field";
import { Bone, Loading } from "../ui/skeleton";
import { TextField } from "../ui/text-field";
import { FormTitle } from "./entrance";
import { useFirstSignIn } from "./use-first-sign-in";

export function InvitePage() {
  const trpc = useTRPC();
  const token = useSearchParams().get("token") ?? "";
  const invitation = useQuery({
    ...trpc.auth.invitation.queryOptions({ token }),
    enabled: token !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (invitation.data) return <AcceptForm token={token} {...invitation.data} />;
  const gone = invitation.isError && toFermataError(invitation.error).code === "NOT_FOUND";
  if (token === "" || gone) {
    return (
      <>
        <FormTitle title={token ? "This link is over" : "A part of the link is missing"}>
          {token
            ? "It was used, or its time has passed. Ask an admin for a new one."
            : "Open it as it was sent, to its end. Somebody who has an account can sign in."}
        </FormTitle>
        <a href="/sign-in" className={buttonClass({ size: "lg", className: "mt-6 w-full" })}>
          Sign in
        </a>
      </>
    );
  }
  if (invitation.isError) {
    return (
      <Failure
        error={invitation.error}
        retry={() => void invitation.refetch()}
        retrying={invitation.isFetching}
      />
    );
  }
  return (
    <Loading label="Loading the invitation">
      <Bone className="h-6 w-40" />
      <Bone className="mt-8 h-10" />
      <Bone className="mt-6 h-10" />
    </Loading>
  );
}

interface AcceptFormProps {
  token: string;
  email: string;
  expiresAt: string;
  purpose: "invitation" | "reset";
}

function AcceptForm({ token, email, expiresAt, purpose }: AcceptFormProps) {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const accept = useMutation(trpc.auth.acceptInvitation.mutationOptions());
  const join = useFirstSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate({
      email,
      password,
      create: () => accept.mutateAsync({ token, password, ...(name.trim() && { name }) }),
      mayExist: false,
      next: "/",
    });
  };
  const until = new Date(expiresAt);
  const isReset = purpose === "reset";
  return (
    <>
      <FormTitle title={isReset ? "A new password" : "Welcome"}>
        {isReset
          ? "Choose it here. Whoever is signed in with the old one is signed out. "
          : "Choose a password. "}
        This link works until {sentenceDay(until, new Date())}, {formatClock(until)}.
      </FormTitle>
      <form onSubmit={submit} className="mt-6 grid gap-4">
        <TextField label="Email" type="email" autoComplete="username" value={email} readOnly />
        {!isReset && (
          <TextField
            label="Name"
            autoComplete="name"
            maxLength={120}
            autoFocus
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <PasswordField
          label="Password"
          autoFocus={isReset}
          hint={`At least ${limits.passwordChars.min} characters; a short sentence is easy to keep.`}
          autoComplete="new-password"
          required
          minLength={limits.passwordChars.min}
          maxLength={limits.passwordChars.max}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {join.error && <FailureNote error={join.error} />}
        <Button
          type="submit"
          variant="primary"
          size="lg"
          className="mt-1 w-full"
          disabled={join.isPending || join.isSuccess}
        >
          {join.isPending || join.isSuccess ? "Coming in…" : "Come in"}
        </Button>
      </form>
    </>
  );
}
