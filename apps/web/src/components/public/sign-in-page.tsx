"use client";

import { toFermataError } from "@fermata/api";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "../../lib/address";
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

export interface SignInPageProps {
  /** Providers of OpenID to leave for. */
  providers: readonly string[];
  isOpen: boolean;
}

/** It needs no client of the API, which whoever has to sign in would wait for. */
export function SignInPage({ providers, isOpen }: SignInPageProps) {
  const router = useRouter();
  const params = useSearchParams();
  const next = safeNext(params.get("next"));
  const [email, setEmail] = useState(params.get("email") ?? "");
  const [password, setPassword] = useState("");
  /** Null until a code is asked for. */
  const [code, setCode] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await act();
    } catch (cause) {
      setBusy(false);
      setError(cause);
      if (toFermataError(cause).details?.secondFactor === "required") setCode("");
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      await signIn(email, password, code ?? "");
      router.replace(next);
    });
  };
  const problem = problemOf(error, params.get("error"));
  if (code !== null) {
    return (
      <SecondStep
        email={email}
        code={code}
        onChange={setCode}
        onSubmit={submit}
        onBack={() => {
          setCode(null);
          setError(null);
        }}
        problem={problem}
        busy={busy}
      />
    );
  }
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
        <Button type="submit" variant="primary" size="lg" className="mt-1 w-full" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
      </form>
      {providers.length > 0 && (
        <div className="mt-2.5 grid gap-2.5">
          {providers.map((provider) => (
            <Button
              key={provider}
              size="lg"
              className="w-full"
              onClick={() => void attempt(() => signInWith(provider, next))}
              disabled={busy}
            >
              Sign in with {providerNames[provider] ?? provider}
            </Button>
          ))}
        </div>
      )}
      <aside className="mt-7 rounded-md border border-border-strong bg-card px-4 pt-3.5 pb-[15px] text-sm">
        <h2 className="mb-1 font-semibold">First time here?</h2>
        {isOpen ? (
          <p className="text-muted-foreground">
            Anybody can join.{" "}
            <a
              href={`/sign-up${next === "/" ? "" : `?next=${encodeURIComponent(next)}`}`}
              className="link"
            >
              Create an account
            </a>
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
