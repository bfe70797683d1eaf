"use client";

import { toFermataError } from "@fermata/api";
import { useTRPC } from "@fermata/api/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { type FormEvent, useState } from "react";
import { describeFailure } from "../../lib/describe-failure";
import { safeNext, signIn, signInProblem, signInWith } from "../../lib/sign-in";
import { Button } from "../ui/button";
import { PasswordField } from "../ui/password-field";
import { TextField } from "../ui/text-field";
import { FormTitle } from "./entrance";
import { Problem } from "./problem";
import { SecondStep } from "./second-step";

const greetings: Record<string, string> = {
  "1": "Your account is ready.",
  maybe: "If this address had an account before, its own password still counts.",
};

const providerNames: Record<string, string> = { github: "GitHub", google: "Google" };

export function SignInPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const params = useSearchParams();
  const next = safeNext(params.get("next"));
  const settings = useQuery(trpc.settings.public.queryOptions());
  const [email, setEmail] = useState(params.get("email") ?? "");
  const [password, setPassword] = useState("");
  /** Null until a code is asked for. */
  const [code, setCode] = useState<string | null>(null);
  const enter = useMutation({
    mutationFn: () => signIn(email, password, code ?? ""),
    onError: (error) => {
      if (toFermataError(error).details?.secondFactor === "required") setCode("");
    },
    onSuccess: () => {
      // Whatever was asked for before was asked by nobody.
      queryClient.clear();
      router.replace(next);
    },
  });
  const leave = useMutation({ mutationFn: (provider: string) => signInWith(provider, next) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  const problem = problemOf(enter.error ?? leave.error, params.get("error"));
  if (code !== null) {
    return (
      <SecondStep
        email={email}
        code={code}
        onChange={setCode}
        onSubmit={submit}
        onBack={() => {
          setCode(null);
          enter.reset();
        }}
        problem={problem}
        busy={enter.isPending || enter.isSuccess}
      />
    );
  }
  const providers = settings.data?.signInProviders ?? [];

  return (
    <>
      <FormTitle title="Sign in">
        {greetings[params.get("welcome") ?? ""] ?? "to this Fermata"}
      </FormTitle>
      <form onSubmit={submit} className="mt-6 grid gap-4">
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          placeholder="you@example.com"
          required
          autoFocus={!email}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          required
          autoFocus={Boolean(email)}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {problem && <Problem>{problem}</Problem>}
        <Button
          type="submit"
          variant="primary"
          size="lg"
          className="mt-1 w-full"
          disabled={enter.isPending || enter.isSuccess}
        >
          {enter.isPending || enter.isSuccess ? "Signing in…" : "Sign in"}
        </Button>
      </form>
      {providers.length > 0 && (
        <div className="mt-2.5 grid gap-2.5">
          {providers.map((provider) => (
            <Button
              key={provider}
              size="lg"
              className="w-full"
              onClick={() => leave.mutate(provider)}
              disabled={leave.isPending}
            >
              Sign in with {providerNames[provider] ?? provider}
            </Button>
          ))}
        </div>
      )}
      <aside className="mt-7 rounded-md border border-border-strong bg-card px-4 pt-3.5 pb-[15px] text-sm">
        <h2 className="mb-1 font-semibold">First time here?</h2>
        {settings.data?.signUp === "open" ? (
          <p className="text-muted-foreground">
            Anybody can join.{" "}
            <Link
              href={`/sign-up${next === "/" ? "" : `?next=${encodeURIComponent(next)}`}`}
              className="link"
            >
              Create an account
            </Link>
          </p>
        ) : (
          <p className="text-balance text-muted-foreground">
            Accounts are by invitation: ask an admin for a link. The first admin’s password was
            printed where the server was started.
          </p>
        )}
      </aside>
    </>
  );
}

/** What the server says better than we could: how long to wait, whom to ask. */
const spoken = ["UNAUTHENTICATED", "RATE_LIMITED", "FORBIDDEN"];

function problemOf(error: unknown, code: string | null): string | null {
  if (error) {
    const failure = toFermataError(error);
    if (failure.details?.secondFactor === "required") return null;
    if (spoken.includes(failure.code)) return failure.message;
    const { title, body } = describeFailure(error);
    return `${title}. ${body}`;
  }
  return code === null ? null : signInProblem(code);
}
