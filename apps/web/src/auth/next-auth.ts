import { AppError, errorResponse, toAppError } from "@fermata/server/internal";
import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { NextApiRequest, NextApiResponse } from "next";
import nextAuth, { type AuthOptions } from "next-auth";
import credentialsProvider from "next-auth/providers/credentials";
import githubProvider from "next-auth/providers/github";
import googleProvider from "next-auth/providers/google";
import { recordAudit } from "../studio/audit/record-audit";
import { createSession } from "../studio/auth/create-session";
import { createUser } from "../studio/auth/create-user";
import { issueDeviceToken } from "../studio/auth/device-token";
import { resolveSession } from "../studio/auth/resolve-session";
import { revokeToken } from "../studio/auth/revoke-token";
import { verifyCredentials } from "../studio/auth/verify-credentials";
import type { RequestContext } from "../studio/context";
import { type AuthRequest, readAuthRequest } from "./auth-request";
import { describeClient } from "./describe-client";
import { mayEnter } from "./may-enter";
import { ResponseRecorder } from "./response-recorder";
import {
  deviceCookieName,
  formerSessionCookieName,
  parseCookies,
  secureCookies,
  sessionCookieName,
} from "./session-cookie";

// next-auth is CommonJS: Next hands out its default export, Node the module that holds it.
function defaultOf<T>(imported: T): T {
  return (imported as { default?: T }).default ?? imported;
}

const NextAuth = defaultOf(nextAuth);
const CredentialsProvider = defaultOf(credentialsProvider);
const GithubProvider = defaultOf(githubProvider);
const GoogleProvider = defaultOf(googleProvider);

const deviceSeconds = 365 * 86_400;

export interface SignInConfig {
  secret: string;
  github?: { clientId: string; clientSecret: string };
  google?: { clientId: string; clientSecret: string };
}

/** What came of one request, beside what next-auth writes. */
interface Outcome {
  /** What one of our own functions threw: next-auth would put its text into an address. */
  failure?: AppError;
  /** Who signed in with a password. */
  email?: string;
}

/**
 * next-auth's own endpoints under /api/auth, as a function from Request to Response.
 * The only file that knows next-auth: its handler is called in the shape of a Next API route, which needs nothing of Next at run time.
 */
export async function handleAuth(
  ctx: RequestContext,
  config: SignInConfig,
  request: Request,
): Promise<Response> {
  // next-auth takes the origin from these headers only when it is told to; the context's origin is already the one to trust.
  process.env.AUTH_TRUST_HOST = "1";
  const asked = await readAuthRequest(request, ctx.origin);
  requireProvider(config, request.method, asked.path);
  const { host, protocol } = new URL(ctx.origin);
  const cookies = parseCookies(request.headers.get("cookie"));
  const recorder = new ResponseRecorder();
  const apiRequest = {
    method: request.method,
    query: { ...asked.query, nextauth: asked.path },
    headers: {
      ...Object.fromEntries(request.headers),
      host,
      "x-forwarded-host": host,
      "x-forwarded-proto": protocol.replace(":", ""),
    },
    cookies: withFormerSession(cookies, ctx.origin),
    body: asked.body,
  };
  const outcome: Outcome = {};
  try {
    await NextAuth(
      apiRequest as unknown as NextApiRequest,
      recorder as unknown as NextApiResponse,
      authOptions(ctx, config, {
        request,
        outcome,
        deviceToken: cookies[deviceCookieName(ctx.origin)],
      }),
    );
  } catch (error) {
    outcome.failure ??= toAppError(error);
  }
  if (outcome.failure) return refuse(ctx, asked, outcome.failure);
  const response = recorder.toResponse();
  if (isInItsOwnWords(response)) {
    const cause = new Error(`next-auth answered ${response.status}: ${await response.text()}`);
    throw response.status < 500 ? new AppError("NOT_FOUND") : cause;
  }
  if (outcome.email) response.headers.append("set-cookie", deviceCookie(ctx, outcome.email));
  forgetFormerSession(response, cookies, ctx.origin);
  return response;
}

/** @throws AppError NOT_FOUND for a way to sign in that is none here */
function requireProvider(config: SignInConfig, method: string, path: string[]): void {
  const [action, provider] = path;
  if (provider === undefined) return;
  const byLink = { github: config.github, google: config.google };
  if (provider in byLink && byLink[provider as keyof typeof byLink]) return;
  // A password is sent in a form; no link leads back with it.
  const isForm = action === "signin" || method === "POST";
  if (provider !== "credentials" || !isForm) throw new AppError("NOT_FOUND");
}

/** A failure that next-auth tells as text, without one of our codes. */
function isInItsOwnWords({ status, headers }: Response): boolean {
  return status >= 400 && !headers.get("content-type")?.startsWith("application/json");
}

/** A sign-in from before the cookie was renamed goes on. */
function withFormerSession(
  cookies: Record<string, string>,
  origin: string,
): Record<string, string> {
  const former = formerSessionCookieName(origin);
  const token = former && cookies[former];
  return token ? { [sessionCookieName(origin)]: token, ...cookies } : cookies;
}

/** Once there is a newer one, or none. */
function forgetFormerSession(
  response: Response,
  cookies: Record<string, string>,
  origin: string,
): void {
  const former = formerSessionCookieName(origin);
  const isReplaced = response.headers
    .getSetCookie()
    .some((cookie) => cookie.startsWith(`${sessionCookieName(origin)}=`));
  if (!former || !(former in cookies) || !isReplaced) return;
  response.headers.append(
    "set-cookie",
    `${former}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure`,
  );
}

function deviceCookie(ctx: RequestContext, email: string): string {
  const secure = secureCookies(ctx.origin) ? "; Secure" : "";
  const cookie = `${deviceCookieName(ctx.origin)}=${issueDeviceToken(ctx, email)}`;
  return `${cookie}; Path=/; Max-Age=${deviceSeconds}; HttpOnly; SameSite=Lax${secure}`;
}

/**
 * A refusal in our own shape, with the address that next-auth's clients expect: it carries a code, never the text of an
 * exception. A form that a browser sent by itself is led to the sign-in page.
 */
function refuse(ctx: RequestContext, { path, body }: AuthRequest, failure: AppError): Response {
  const url = new URL("/sign-in", ctx.origin);
  url.searchParams.set("error", codeOf(failure));
  if (failure.code === "INTERNAL") {
    const facts = { requestId: ctx.requestId, err: failure.cause ?? failure };
    ctx.log.error(facts, "signing in failed unexpectedly");
  }
  const leadsSomewhere = path[0] === "callback" || path[0] === "signin" || path[0] === "signout";
  if (leadsSomewhere && body?.json !== "true") {
    return new Response(null, { status: 302, headers: { location: url.href } });
  }
  const { status, headers } = errorResponse(failure, ctx.requestId);
  const { code: appCode, message, details } = failure;
  const error = { appCode, message, ...(details && { details }), requestId: ctx.requestId };
  return Response.json({ url: url.href, error }, { status, headers: [...headers] });
}

function codeOf({ code, details }: AppError): string {
  if (details?.secondFactor === "required") return "SecondFactorRequired";
  if (details?.secondFactor === "wrong") return "SecondFactorWrong";
  if (code === "UNAUTHENTICATED") return "CredentialsSignin";
  if (code === "RATE_LIMITED") return "TooManyAttempts";
  return code === "FORBIDDEN" ? "AccountDisabled" : "Unavailable";
}

interface Asked {
  request: Request;
  outcome: Outcome;
  deviceToken: string | undefined;
}

function authOptions(
  ctx: RequestContext,
  config: SignInConfig,
  { request, outcome, deviceToken }: Asked,
): AuthOptions {
  /** Keeps what is thrown, and lets next-auth know no more than that something was. */
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      outcome.failure ??= toAppError(error);
      throw new Error("Refused");
    }
  }
  const prismaAdapter = PrismaAdapter(ctx.db as never);
  return {
    secret: config.secret,
    useSecureCookies: secureCookies(ctx.origin),
    cookies: {
      sessionToken: {
        name: sessionCookieName(ctx.origin),
        options: {
          httpOnly: true,
          sameSite: "lax",
          path: "/",
          secure: secureCookies(ctx.origin),
        },
      },
    },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    logger: {
      // What our own functions threw is reported where it is answered; the rest is what a stranger, or a provider, sent.
      error: (code) => ctx.log.debug({ code }, "next-auth refuses"),
      warn: (code) => ctx.log.debug({ code }, "next-auth warns"),
      debug() {},
    },
    adapter: {
      ...prismaAdapter,
      createUser: (profile: { email: string; name?: string | null }) =>
        guarded(async () => {
          const { userId } = await createUser(ctx, {
            email: profile.email.toLowerCase(),
            role: "member",
            ...(profile.name && { name: keepable(profile.name) }),
          });
          return { ...profile, id: userId, emailVerified: null };
        }),
    } as AuthOptions["adapter"],
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {}, totp: {} },
        authorize: (credentials) =>
          guarded(async () => {
            const { email = "", password = "", totp } = credentials ?? {};
            const given = { email, password, totp: totp || undefined, deviceToken };
            const { userId } = await verifyCredentials(ctx, given);
            outcome.email = email.trim().toLowerCase();
            return { id: userId };
          }),
      }),
      ...(config.github ? [GithubProvider(config.github)] : []),
      ...(config.google ? [GoogleProvider(config.google)] : []),
    ],
    // The Credentials provider knows only this strategy. The "JWT" is an opaque token of ours:
    // every sign-in is a row of the session table, can be listed, and stops working when revoked.
    session: { strategy: "jwt", maxAge: ctx.app.sessionDays * 86_400 },
    jwt: {
      encode: async ({ token }) => String(token?.sessionToken ?? ""),
      decode: ({ token }) =>
        guarded(async () => {
          const identity = await resolveSession(ctx, token ?? null);
          return identity?.kind === "user" ? { sub: identity.userId, sessionToken: token } : null;
        }),
    },
    callbacks: {
      signIn: ({ user, account }) =>
        guarded(async () => account?.type === "credentials" || mayEnter(ctx, user, account)),
      jwt: ({ token, user, account }) =>
        guarded(async () => {
          if (!user) return token;
          if (account?.type !== "credentials") {
            const actor = { id: user.id, email: user.email ?? null };
            const details = { provider: account?.provider ?? null };
            await recordAudit(ctx, { kind: "signIn.succeeded", actor, details });
          }
          const { token: sessionToken } = await createSession(ctx, {
            userId: user.id,
            kind: "browser",
            name: describeClient(request.headers.get("user-agent")),
          });
          return { sub: user.id, sessionToken };
        }),
    },
    events: {
      signOut: ({ token }) => guarded(() => revokeToken(ctx, String(token.sessionToken))),
    },
  };
}

/** A name that a provider gave, as far as it can be kept. */
function keepable(name: string): string {
  return name.replace(/[\0\ud800-\udfff]/gu, "").slice(0, 120);
}
