import { randomUUID } from "node:crypto";
import type { RequestContext, Services } from "../context";
import { toAppError } from "../ground/errors";

/** What the host knows of a connection beside the request itself. */
export interface Connection {
  remoteAddress?: string | undefined;
}

/** What is read of a request's head: a `Request` has it, and Node's own gives it without becoming one. */
export interface RequestHead {
  url: string;
  headers: { get(name: string): string | null };
}

export interface Trust {
  /** Believe X-Forwarded-*: set when a proxy of ours writes them. */
  trustProxy: boolean;
}

/** Who sends a request, by its bearer or its cookie; null for nobody, at once where there is nothing to look up. */
export type Identify = (
  ctx: RequestContext,
  head: RequestHead,
) => Promise<RequestContext["identity"]> | null;

/** The origin that the caller used: the files' own where it is that, else the configured one, else that of the request. */
export function originOf(services: Services, request: RequestHead, { trustProxy }: Trust): string {
  const { publicOrigin, filesOrigin } = services.config;
  const { headers, url } = request;
  const forwarded = (name: string) =>
    trustProxy ? headers.get(name)?.split(",")[0]?.trim() : undefined;
  const host = forwarded("x-forwarded-host") ?? headers.get("host") ?? new URL(url).host;
  if (filesOrigin && isHostOf(filesOrigin, host)) return filesOrigin;
  if (publicOrigin) return publicOrigin;
  const scheme = forwarded("x-forwarded-proto") ?? (url.startsWith("https:") ? "https" : "http");
  return `${scheme}://${host}`;
}

export function isHostOf(origin: string, host: string | undefined): boolean {
  return new URL(origin).host === host?.toLowerCase();
}

/** A request's context without its identity: for what answers before anybody is known. */
export function anonymousContext(
  services: Services,
  request: RequestHead,
  connection: Connection,
  trust: Trust,
): RequestContext {
  const forwardedFor = trust.trustProxy
    ? request.headers.get("x-forwarded-for")?.split(",")[0]?.trim()
    : undefined;
  return {
    ...services,
    requestId: randomUUID(),
    origin: originOf(services, request, trust),
    clientAddress: forwardedFor ?? connection.remoteAddress ?? "unknown",
    identity: null,
  };
}

/** The bearer token that a request carries. */
export function bearerOf({ headers }: RequestHead): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Browsers say where a request comes from; a request that says nothing comes from no browser's page of another site. */
export function isSameOrigin(request: RequestHead, origin: string): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site) return site === "same-origin" || site === "none";
  const from = request.headers.get("origin");
  return !from || from === origin;
}

/** The context with whoever sends the request. A query of nobody's waits for nothing. */
export function identified(
  ctx: RequestContext,
  head: RequestHead,
  identify: Identify,
): RequestContext | Promise<RequestContext> {
  const identity = identify(ctx, head);
  if (!identity) return ctx;
  return identity.then(
    (known) => ({ ...ctx, identity: known }),
    (error) => {
      // There may be no context to take the id from.
      throw Object.assign(toAppError(error), { requestId: ctx.requestId });
    },
  );
}
