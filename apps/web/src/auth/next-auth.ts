import {
  createSession,
  createUser,
  type RequestContext,
  readSignUpPolicy,
  resolveToken,
  revokeToken,
  verifyCredentials,
} from "@fermata/server";
import { PrismaAdapter } from "@next-auth/prisma-adapter";
import type { NextApiRequest, NextApiResponse } from "next";
import nextAuth, { type AuthOptions } from "next-auth";
import credentialsProvider from "next-auth/providers/credentials";
import githubProvider from "next-auth/providers/github";
import googleProvider from "next-auth/providers/google";
import { describeClient } from "./describe-client";
import { parseCookies, secureCookies } from "./session-cookie";

// next-auth is CommonJS: Next hands out its default export, Node the module that holds it.
function defaultOf<T>(imported: T): T {
  return (imported as { default?: T }).default ?? imported;
}

const NextAuth = defaultOf(nextAuth);
const CredentialsProvider = defaultOf(credentialsProvider);
const GithubProvider = defaultOf(githubProvider);
const GoogleProvider = defaultOf(googleProvider);

export interface SignInConfig {
  secret: string;
  github?: { clientId: string; clientSecret: string };
  google?: { clientId: string; clientSecret: string };
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
  const url = new URL(request.url);
  const { host, protocol } = new URL(ctx.origin);
  const recorder = new ResponseRecorder();
  const apiRequest = {
    method: request.method,
    query: {
      ...Object.fromEntries(url.searchParams),
      nextauth: url.pathname.replace(/^\/api\/auth\/?/, "").split("/"),
    },
    headers: {
      ...Object.fromEntries(request.headers),
      host,
      "x-forwarded-host": host,
      "x-forwarded-proto": protocol.replace(":", ""),
    },
    cookies: parseCookies(request.headers.get("cookie")),
    body: await readForm(request),
  };
  await NextAuth(
    apiRequest as unknown as NextApiRequest,
    recorder as unknown as NextApiResponse,
    authOptions(ctx, config, request),
  );
  return recorder.toResponse();
}

function authOptions(ctx: RequestContext, config: SignInConfig, request: Request): AuthOptions {
  const prismaAdapter = PrismaAdapter(ctx.db as never);
  return {
    secret: config.secret,
    useSecureCookies: secureCookies(ctx.origin),
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    logger: {
      error: (code, facts) => ctx.log.warn({ code, facts: String(facts) }, "sign-in failed"),
      warn: (code) => ctx.log.debug({ code }, "next-auth warns"),
      debug() {},
    },
    adapter: {
      ...prismaAdapter,
      async createUser(profile: { email: string; name?: string | null }) {
        const { userId } = await createUser(ctx, {
          email: profile.email.toLowerCase(),
          role: "member",
          ...(profile.name && { name: profile.name }),
        });
        return { ...profile, id: userId, emailVerified: null };
      },
    } as AuthOptions["adapter"],
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        async authorize(credentials) {
          const { email, password } = credentials ?? {};
          if (!email || !password) return null;
          const { userId } = await verifyCredentials(ctx, { email, password });
          return { id: userId };
        },
      }),
      ...(config.github ? [GithubProvider(config.github)] : []),
      ...(config.google ? [GoogleProvider(config.google)] : []),
    ],
    // The Credentials provider knows only this strategy. The "JWT" is an opaque token of ours:
    // every sign-in is a row of the session table, can be listed, and stops working when revoked.
    session: { strategy: "jwt", maxAge: ctx.config.sessionDays * 86_400 },
    jwt: {
      encode: async ({ token }) => String(token?.sessionToken ?? ""),
      async decode({ token }) {
        const identity = await resolveToken(ctx, token ?? null);
        return identity?.kind === "user" ? { sub: identity.userId, sessionToken: token } : null;
      },
    },
    callbacks: {
      async signIn({ user, account }) {
        if (account?.type === "credentials") return true;
        // An identity of a known user may come in; a new one only where sign-up is open.
        const known = await ctx.db.account.count({
          where: {
            provider: account?.provider ?? "",
            providerAccountId: account?.providerAccountId ?? "",
          },
        });
        if (known > 0) return true;
        return user.email != null && (await readSignUpPolicy(ctx)) === "open";
      },
      async jwt({ token, user }) {
        if (!user) return token;
        const { token: sessionToken } = await createSession(ctx, {
          userId: user.id,
          kind: "browser",
          name: describeClient(request.headers.get("user-agent")),
        });
        return { sub: user.id, sessionToken };
      },
    },
    events: {
      async signOut({ token }) {
        await revokeToken(ctx, String(token.sessionToken));
      },
    },
  };
}

/** Collects what a Next API route would write. */
class ResponseRecorder {
  #status = 200;
  #headers = new Map<string, string | string[]>();
  #body: string | null = null;

  status(code: number): this {
    this.#status = code;
    return this;
  }

  getHeader(name: string): string | string[] | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: string | string[]): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  json(body: unknown): void {
    this.setHeader("content-type", "application/json");
    this.#body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (body === undefined || body === null) return;
    if (typeof body === "object") this.json(body);
    else this.#body = String(body);
  }

  end(): void {}

  toResponse(): Response {
    const headers = new Headers({ "cache-control": "no-store" });
    for (const [name, value] of this.#headers) {
      for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
    }
    return new Response(this.#body, { status: this.#status, headers });
  }
}

async function readForm(request: Request): Promise<Record<string, string> | undefined> {
  if (request.method !== "POST") return undefined;
  const text = await request.text();
  if (request.headers.get("content-type")?.startsWith("application/json")) return JSON.parse(text);
  return Object.fromEntries(new URLSearchParams(text));
}
