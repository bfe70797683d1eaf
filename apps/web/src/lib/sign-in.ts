import { FermataError } from "@fermata/api";

/** The tokens that prove a form to be ours. */
async function csrfToken(): Promise<string> {
  const response = await fetch("/api/auth/csrf");
  if (!response.ok) throw new FermataError("UPSTREAM_UNAVAILABLE");
  const { csrfToken } = (await response.json()) as { csrfToken: string };
  return csrfToken;
}

async function postForm(path: string, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ ...fields, csrfToken: await csrfToken(), json: "true" });
  return fetch(path, { method: "POST", body });
}

/**
 * Starts a session, in a cookie that scripts cannot read.
 * @throws FermataError UNAUTHENTICATED with a sentence to show; NETWORK, UPSTREAM_UNAVAILABLE
 */
export async function signIn(email: string, password: string): Promise<void> {
  const response = await postForm("/api/auth/callback/credentials", { email, password }).catch(
    unreachable,
  );
  const { url } = (await response.json().catch(() => ({}))) as { url?: string };
  const error = url && new URL(url, location.href).searchParams.get("error");
  if (response.ok && !error) return;
  if (response.status >= 500) throw new FermataError("UPSTREAM_UNAVAILABLE");
  // Our own refusals come as sentences, next-auth's as codes.
  const sentence = error?.includes(" ") ? error : signInProblem(error || null);
  throw new FermataError("UNAUTHENTICATED", sentence);
}

/** Leaves for the provider's own page. */
export async function signInWith(provider: string, next: string): Promise<void> {
  const callbackUrl = new URL(next, location.href).href;
  const response = await postForm(`/api/auth/signin/${provider}`, { callbackUrl }).catch(
    unreachable,
  );
  const { url } = (await response.json()) as { url?: string };
  if (!response.ok || !url) throw new FermataError("UPSTREAM_UNAVAILABLE");
  location.assign(url);
}

export async function signOut(): Promise<void> {
  const response = await postForm("/api/auth/signout", { callbackUrl: "/sign-in" }).catch(
    unreachable,
  );
  if (!response.ok) throw new FermataError("UPSTREAM_UNAVAILABLE");
  // A fresh page: nothing of the last user stays in memory.
  location.assign("/sign-in");
}

function unreachable(cause: unknown): never {
  throw new FermataError("NETWORK", undefined, { cause });
}

/** What next-auth's error codes mean to whoever wants to come in. */
export function signInProblem(code: string | null): string {
  if (code === "CredentialsSignin") return "The email or the password is wrong.";
  if (code === "AccessDenied") return "This account is not invited here. Ask an admin for a link.";
  if (code === "OAuthAccountNotLinked") {
    return "This address signs in with a password. Use it below.";
  }
  return "Signing in did not work. Nothing was changed; try again.";
}

/** Where to go after signing in: only a path of this site. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith("/")) return "/";
  const url = new URL(next, "http://here.invalid");
  return url.host === "here.invalid" ? url.pathname + url.search + url.hash : "/";
}
