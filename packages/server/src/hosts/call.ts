import { randomUUID } from "node:crypto";
import type { AnyProcedure, AnyRouter } from "@trpc/server";
import type { RequestContext, Services } from "../context";
import { AppError, errorBodyOf, errorShapeOf, retryAfter, toAppError } from "../ground/errors";
import { blankContext } from "./blank-context";
import type { Connection } from "./connection";
import { type CorsHeaders, corsHeadersFor } from "./cors";
import { credentialOf } from "./credential";
import { type FoundRoute, findRoute } from "./find-route";
import {
  clientAddressOf,
  isForFiles,
  isHost,
  originOf,
  type RequestHead,
  type Trust,
} from "./forwarded";
import { isPath } from "./is-path";
import { policy, type RoutePolicy } from "./policy";

/** Who sends a request, by its bearer or its cookie; null for nobody, at once where there is nothing to look up. */
export type Identify = (
  ctx: RequestContext,
  head: RequestHead,
) => Promise<RequestContext["identity"]> | null;

/** What every way of answering a request stands on. */
export interface Hosting {
  services: Services;
  trust: Trust;
  identify: Identify;
  /** The procedures that are answered. */
  router: AnyRouter;
}

/** A refusal or failure, ready to be written by any host. */
export interface WrittenFailure {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/**
 * One request on its way through any host: what is asked, whether the route's policy allows it, and what every answer
 * carries. Both ways, from a `Request` and straight from Node's, begin and end here.
 */
export class Call {
  /** The caller's own, where it gave one that is fit for a log. */
  readonly requestId: string;
  readonly hosting: Hosting;
  readonly head: RequestHead;
  readonly connection: Connection;
  /** With what follows the question mark. */
  readonly target: string;
  readonly #beganMs = performance.now();
  #route: FoundRoute | null = null;
  #origin: string | undefined;
  #ctx: RequestContext | undefined;

  constructor(hosting: Hosting, head: RequestHead, connection: Connection) {
    this.hosting = hosting;
    this.head = head;
    this.connection = connection;
    this.target = head.target ?? targetOf(head.url);
    const given = head.headers.get("x-request-id");
    this.requestId = given && requestIdForm.test(given) ? given : randomUUID();
  }

  /** The route, once `admit` found it. */
  get route(): FoundRoute {
    if (!this.#route) throw new Error("a call has no route before it is admitted");
    return this.#route;
  }

  /** Whether what is asked for stays open: a subscription. */
  get isStream(): boolean {
    if (this.#route?.name !== "trpc") return false;
    return procedureOf(this.hosting.router, this.#route.rest)?._def.type === "subscription";
  }

  /** For the metrics: that it was answered. Streams last as long as they are wanted, and pages are the app's. */
  observe(status: number): void {
    const { metrics } = this.hosting.services;
    if (!metrics || this.#route?.name === "pages" || this.isStream) return;
    metrics.observe(
      this.#route?.name ?? "none",
      status,
      (performance.now() - this.#beganMs) / 1000,
    );
  }

  get path(): string {
    const end = this.target.indexOf("?");
    return end === -1 ? this.target : this.target.slice(0, end);
  }

  get query(): string {
    const start = this.target.indexOf("?");
    return start === -1 ? "" : this.target.slice(start + 1);
  }

  get origin(): string {
    const { services, trust } = this.hosting;
    this.#origin ??= originOf(services.config, this.head, trust);
    return this.#origin;
  }

  get isByTls(): boolean {
    return this.origin.startsWith("https:");
  }

  get isPreflight(): boolean {
    return this.head.method === "OPTIONS";
  }

  /** What the route allows, asked before it runs: this origin, this method, this much of a body, this often. */
  admit(): FoundRoute {
    const { services } = this.hosting;
    this.requireWellFormed();
    const found = findRoute(services.config.basePath, this.path);
    this.#route = found;
    if (!found) throw new AppError("NOT_FOUND");
    const { policy } = found;
    const { head } = this;
    this.requireOrigin(policy.at);
    if (this.isPreflight) return found;
    const method = head.method === "HEAD" ? "GET" : head.method;
    if (!policy.methods.some((allowed) => allowed === method)) {
      throw new AppError(
        "INVALID_INPUT",
        { allowed: policy.methods },
        "The method is not allowed.",
        {
          trpc: "METHOD_NOT_SUPPORTED",
        },
      );
    }
    const declaredBytes = Number(head.headers.get("content-length") ?? 0);
    // An upload's URL knows what it takes, and gives back what was reserved for more.
    const limitBytes = found.name === "upload" ? Infinity : (policy.body?.maxBytes ?? Infinity);
    if (declaredBytes > limitBytes) throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes });
    if (policy.limit) services.limits.allow(policy.limit, { address: this.clientAddress });
    return found;
  }

  /** What is asked of a request that came by a route of the app's, before a procedure of ours that is nested there. */
  admitNested(): void {
    this.requireWellFormed();
    this.requireOrigin(policy.trpc.at);
  }

  /** What URLs of answers are made of must be one. */
  private requireWellFormed(): void {
    if (isPath(this.path) && isHost(this.head.headers.get("host") ?? "localhost")) return;
    throw new AppError("INVALID_INPUT", { reason: "the request's target is malformed" });
  }

  private requireOrigin(at: RoutePolicy["at"]): void {
    const { services, trust } = this.hosting;
    if (!at.includes("files") && isForFiles(services.config, this.head, trust)) {
      throw new AppError("NOT_FOUND");
    }
  }

  get clientAddress(): string {
    return clientAddressOf(this.head, this.connection, this.hosting.trust);
  }

  /** What may say who asks, as it came in; null for nothing. */
  get credential(): string | null {
    return credentialOf(this.head);
  }

  /** A context without an identity: for what answers before anybody is known. */
  get ctx(): RequestContext {
    this.#ctx ??= {
      ...blankContext(this.hosting.services),
      requestId: this.requestId,
      origin: this.origin,
      clientAddress: this.clientAddress,
    };
    return this.#ctx;
  }

  /** The context with whoever sends the request. What is nobody's waits for nothing. */
  identified(head: RequestHead = this.head): RequestContext | Promise<RequestContext> {
    const { ctx } = this;
    const identity = this.hosting.identify(ctx, head);
    if (!identity) return ctx;
    return identity.then((known) => {
      const credential = known && credentialOf(head);
      if (credential) ctx.inFlight.remember(credential);
      return { ...ctx, identity: known };
    });
  }

  /** What fails before there is a context to take the request's id from carries it. */
  withRequestId(
    makeContext: () => RequestContext | Promise<RequestContext>,
  ): RequestContext | Promise<RequestContext> {
    const { requestId } = this;
    const fail = (error: unknown): never => {
      throw Object.assign(toAppError(error), { requestId });
    };
    try {
      const made = makeContext();
      return made instanceof Promise ? made.catch(fail) : made;
    } catch (error) {
      return fail(error);
    }
  }

  /** What every answer of the route carries, over what the route itself says. */
  headers<H extends Record<string, string | number | undefined>>(
    own: H,
  ): H & Record<string, string> {
    return Object.assign({}, this.#route?.policy.headers, this.commonHeaders(), own);
  }

  private commonHeaders(): Record<string, string> {
    const headers: Record<string, string> = { "x-request-id": this.requestId };
    return Object.assign(headers, this.isByTls && hsts, this.corsHeaders);
  }

  get corsHeaders(): CorsHeaders {
    if (this.#route?.policy.readers === "own") return {};
    const { allowedOrigins } = this.hosting.services.config;
    return corsHeadersFor(this.head.headers.get("origin"), allowedOrigins);
  }

  /** Reports what was thrown, and turns it into an answer in the shape of its route. */
  failure(thrown: unknown, path: string = this.loggedPath): WrittenFailure {
    const { requestId, hosting, head } = this;
    report({ requestId, log: hosting.services.log }, thrown, path);
    const failure = toAppError(thrown);
    const body =
      this.#route?.name === "trpc"
        ? { error: errorShapeOf(failure, requestId) }
        : errorBodyOf(failure, requestId);
    const text = JSON.stringify(body);
    const allow = failure.details?.allowed;
    return {
      status: failure.httpStatus,
      text: head.method === "HEAD" ? "" : text,
      headers: {
        ...this.headers({
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength(text)),
        }),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        ...(failure.httpStatus === 405 && Array.isArray(allow) && { allow: allow.join(", ") }),
        ...retryAfter(failure),
      },
    };
  }

  /** What may stand in a log: a URL that is itself a right must not. */
  get loggedPath(): string {
    const { basePath } = this.hosting.services.config;
    return this.#route?.policy.isSecret ? `${basePath}/${this.#route.policy.path}` : this.path;
  }
}

/** A UUID, a ULID, a trace's id and the like. */
const requestIdForm = /^[\w-]{8,64}$/;

function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  return start === -1 ? "/" : url.slice(start);
}

/** A year: browsers that came by https once come by nothing else. */
export const hsts: Record<string, string> = { "strict-transport-security": "max-age=31536000" };

/** By their whole names, as tRPC keeps them; its type nests them as the routers are. */
export function procedureOf(router: AnyRouter, path: string): AnyProcedure | undefined {
  const { procedures } = router._def as unknown as { procedures: Record<string, AnyProcedure> };
  return Object.hasOwn(procedures, path) ? procedures[path] : undefined;
}

/** What nobody expects is logged whole; what callers may expect is theirs to handle. */
export function report(
  ctx: Pick<RequestContext, "requestId" | "log">,
  error: unknown,
  path: string,
): void {
  const failure = toAppError(error);
  const facts = { requestId: ctx.requestId, path, appCode: failure.code };
  if (failure.code === "INTERNAL") {
    ctx.log.error({ ...facts, err: failure.cause ?? error }, "a request failed unexpectedly");
  } else if (failure.code === "UPSTREAM_UNAVAILABLE" && failure.details?.reason !== "busy") {
    ctx.log.warn({ ...facts, err: failure.cause }, "a service did not answer");
  } else {
    ctx.log.debug(facts, "a request was refused");
  }
}
