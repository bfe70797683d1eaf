"use client";

import { useTRPC } from "@fermata/api/react";
import { limits } from "@fermata/contract";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "../../lib/address";
import { safeNext } from "../../lib/sign-in";
import { Button, buttonClass } from "../ui/button";
import { Failure, FailureNote } from "../ui/failure";
import { PasswordField } from "../ui/password-field";
import { TextField } from "../ui/text-field";
import { FormTitle } from "./entrance";
import { useFirstSignIn } from "./use-first-sign-in";

export function SignUpPage() {
  const trpc = useTRPC();
  const next = safeNext(useSearchParams().get("next"));
  const settings = useQuery(trpc.settings.public.queryOptions());
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const create = useMutation(trpc.auth.signUp.mutationOptions());
  const join = useFirstSignIn();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    join.mutate({
      email,
      password,
      create: () => create.mutateAsync({ email, password, ...(name.trim() && { name }) }),
      mayExist: true,
      next,
    });
  };

  if (settings.isLoadingError) {
    return (
      <Failure
        error={settings.error}
        retry={() => void settings.refetch()}
        retrying={settings.isFetching}
      />
    );
  }
  if (settings.data?.signUp === "invitation") {
    return (
      <>
        <FormTitle title="By invitation">Ask an admin of this Fermata for a link.</FormTitle>
        <a href="/sign-in" className={buttonClass({ size: "lg", className: "mt-6 w-full" })}>
          Sign in
        </a>
      </>
    );
  }
  return (
    <>
      <FormTitle title="Create an account">on this Fermata</FormTitle>
      <form onSubmit={submit} className="mt-6 grid gap-4">
        <TextField
          label="Name"
          autoComplete="name"
          maxLength={120}
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          placeholder="you@example.com"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordField
          label="Password"
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
          disabled={join.isPending || join.isSuccess || !settings.data}
        >
          {join.isPending || join.isSuccess ? "Creating…" : "Create the account"}
        </Button>
      </form>
      <p className="mt-5 text-muted-foreground text-sm">
        Been here before?{" "}
        <a href="/sign-in" className="link">
          Sign in
        </a>
      </p>
    </>
  );
}
