import type { FormEvent } from "react";
import { Button } from "../ui/button";
import { TextField } from "../ui/text-field";
import { FormTitle } from "./entrance";
import { Problem } from "./problem";

interface SecondStepProps {
  email: string;
  code: string;
  onChange(code: string): void;
  onSubmit(event: FormEvent): void;
  onBack(): void;
  problem: string | null;
  busy: boolean;
}

/** The code that is asked for once the password was right. */
export function SecondStep({
  email,
  code,
  onChange,
  onSubmit,
  onBack,
  problem,
  busy,
}: SecondStepProps) {
  return (
    <>
      <FormTitle title="One more step">{email}</FormTitle>
      <form onSubmit={onSubmit} className="mt-6 grid gap-4">
        <TextField
          label="Code"
          hint="Six digits from your authenticator app, or one of your recovery codes."
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
          minLength={6}
          maxLength={40}
          autoFocus
          value={code}
          onChange={(event) => onChange(event.target.value)}
        />
        {problem && <Problem>{problem}</Problem>}
        <Button type="submit" variant="primary" size="lg" className="mt-1 w-full" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
        <Button size="lg" className="w-full" onClick={onBack} disabled={busy}>
          Use another account
        </Button>
      </form>
      <p className="mt-5 text-balance text-muted-foreground text-sm">
        Lost both the app and the codes? An admin can take the second factor away.
      </p>
    </>
  );
}
