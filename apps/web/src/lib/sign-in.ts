import { FermataError, toFermataError } from "@fermata/api";
import { zoneCookie } from "./made-for";
import { keepInCookie } from "./own-cookie";
import { timeZone } from "./time-zone";

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
 * @param totp a code of the second factor, where one is needed
 * @throws FermataError UNAUTHENTICATED with a sentence to show, and `details.secondFactor` where a code is missing
 * (`required`) or `wrong`; RATE_LIMITED, FORBIDDEN, NETWORK, UPSTREAM_UNAVAILABLE
 */
export async function signIn(email: string, password: string, totp = ""): Promise<void> {
  const response = await postForm("/api/auth/callback/credentials", {
    email,
    password,
    totp,
  }).catch(unreachable);
  const body = (await response.json().catch(() => ({}))) as { url?: string; error?: unknown };
  if (body.error) throw toFermataError(body);
  const code = body.url && new URL(body.url, location.href).searchParams.get("error");
  if (response.ok && !code) {
    // The first page is made for them then.
    keepInCookie(zoneCookie, timeZone());
    return;
  }
  if (response.status >= 500) throw new FermataError("UPSTREAM_UNAVAILABLE");
  // The form's own token was too old: the next attempt brings another.
  throw new FermataError("UNAUTHENTICATED", signInProblem(code || null));
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
  if (code === "AccountDisabled") return "This account is disabled. An admin can enable it again.";
  if (code === "TooManyAttempts") return "Too many attempts to sign in. Wait, then try again.";
  if (code === "SecondFactorRequired")
    return "Sign in below with your password: a code is needed as well.";
  return "Signing in did not work. Nothing was changed; try again.";
}

/** Where to go after signing in: only a path of this site. */
export function safeNext(next: string | null): string {
  if (!next?.startsWith("/")) return "/";
  const url = new URL(next, "http://here.invalid");
  return url.host === "here.invalid" ? url.pathname + url.search + url.hash : "/";
}
