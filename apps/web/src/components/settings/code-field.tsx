import { TextField } from "../ui/text-field";

interface CodeFieldProps {
  value: string;
  onChange(code: string): void;
  hint?: string;
}

/** Takes a code of the authenticator app. */
export function CodeField({ value, onChange, hint }: CodeFieldProps) {
  return (
    <TextField
      label="Code"
      hint={hint ?? "Six digits from your authenticator app, or a recovery code."}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      required
      minLength={6}
      maxLength={40}
      data-autofocus=""
      autoFocus
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
