import { toFermataError } from "@fermata/api";
import { type FormEvent, useState } from "react";
import { type Account, signIn } from "../../room/account";
import { readOrigin } from "../../room/invite-link";
import { TextField } from "../ui/text-field";

interface SignInFormProps {
  /** Null where people have to say which one. */
  server: string | null;
  onSignedIn(account: Account): void;
}

export function SignInForm({ server, onSignedIn }: SignInFormProps) {
  const [error, setError] = useState<{ field: "server" | "password"; text: string } | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const origin = server ?? readOrigin(String(fields.get("server")));
    if (!origin) {
      setError({ field: "server", text: "An address such as studio.example.com" });
      return;
    }
    setBusy(true);
    setError(null);
    try {
      onSignedIn(await signIn(origin, String(fields.get("email")), String(fields.get("password"))));
    } catch (thrown) {
      const { code, message } = toFermataError(thrown);
      const field = code === "NETWORK" ? "server" : "password";
      const isWrong = code === "UNAUTHENTICATED" || code === "INVALID_INPUT";
      setError({ field, text: isWrong ? "The e-mail or the password is not right." : message });
      setBusy(false);
    }
  };

  return (
    <form className="form" onSubmit={submit} noValidate>
      {server === null && (
        <TextField
          label="Server"
          name="server"
          placeholder="studio.example.com"
          autoCapitalize="none"
          spellCheck={false}
          required
          error={error?.field === "server" ? error.text : undefined}
        />
      )}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={error && (error.field === "password" || server !== null) ? error.text : undefined}
      />
      <button type="submit" className="button button-primary button-large" disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
      {server !== null && <p className="field-hint">To {new URL(server).host}</p>}
    </form>
  );
}
