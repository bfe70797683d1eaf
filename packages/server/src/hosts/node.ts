import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { getRequestListener } from "@hono/node-server";
import type { Leave } from "../limits/in-flight";
import type { ObjectEndpoint } from "../ports/object-endpoint";
import { Call, type Hosting, hsts } from "./call";
import { withinSpan } from "./call-span";
import { compressAnswer } from "./compress";
import { answerMedia, answerRead, answerUpload } from "./direct-files";
import { answerFirstPart, answerObject } from "./direct-objects";
import { answerSignaling, type Otherwise } from "./direct-signaling";
import { enter } from "./enter";
import type { FetchHost } from "./fetch";
import { boundBody, capBody, type Exchange, headOf, writeFailure } from "./node-request";
import { preflight } from "./preflight";

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** How long the head of a request may take. Bodies have their routes' own bounds. */
const headSeconds = 30;
/** Longer than proxies keep a connection that is idle: one that is closed under their next request is a failure there. */
const idleConnectionSeconds = 65;

/**
 * All of the API in a Node server, ahead of the app's pages: the policy is asked first, then what is busiest is answered
 * straight from Node, and the rest by the fetch host.
 */
export function createNodeListener(
  hosting: Hosting,
  {
    host,
    disk,
    pages,
  }: {
    host: FetchHost;
    /** The disk store's endpoint; null where a real S3 serves the objects. */
    disk: ObjectEndpoint | null;
    pages: NodeListener;
  },
): NodeListener {
  const calls = new WeakMap<IncomingMessage, Call>();
  const byFetch = getRequestListener((request, { incoming }) => {
    const call = calls.get(incoming as IncomingMessage);
    if (!call) throw new Error("a request without a call");
    return host.answer(call, request);
  });
  const otherwise: Otherwise = {
    whole(call, { request, response }) {
      const { headers } = call.route.policy;
      for (const name in headers) response.setHeader(name, headers[name] ?? "");
      if (call.isByTls) for (const name in hsts) response.setHeader(name, hsts[name] ?? "");
      calls.set(request, call);
      if (call.route.name === "trpc") compressAnswer(request, response);
      void byFetch(request, response);
    },
    async withBody(call, { response }, body) {
      const { url, headers } = call.head;
      const names = [
        "accept",
        "authorization",
        "content-type",
        "cookie",
        "origin",
        "last-event-id",
      ];
      const given = names.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value] as [string, string]];
      });
      const answer = await host.answer(
        call,
        new Request(url, { method: "POST", headers: given, body }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      if (!answer.body) return void response.end();
      const sent = Readable.fromWeb(answer.body as NodeReadableStream<Uint8Array>);
      await pipeline(sent, response).catch(() => {
        // Whoever asked went away.
      });
    },
  };

  function answer(call: Call, exchange: Exchange): void {
    const { name } = call.route;
    if (name === "pages") answerPage(call, exchange);
    else if (call.isPreflight) otherwise.whole(call, exchange);
    else if (name === "file") void answerRead(call, exchange);
    else if (name === "upload") void answerUpload(call, exchange);
    else if (name === "media") void answerMedia(call, exchange);
    else if (name === "firstPart" && disk) void answerFirstPart(call, exchange, disk);
    else if (name === "objects" && disk) void answerObject(call, exchange, disk);
    else if (name === "trpc") answerSignaling(call, exchange, otherwise);
    else otherwise.whole(call, exchange);
  }

  function answerPage(call: Call, { request, response }: Exchange): void {
    if (call.isPreflight) {
      const { status, headers } = preflight(call);
      response.writeHead(status, headers).end();
      return;
    }
    // The pages' own server says the rest.
    if (call.isByTls) for (const name in hsts) response.setHeader(name, hsts[name] ?? "");
    const { body } = call.route.policy;
    if (body) capBody(call, { request, response }, body.maxBytes);
    pages(request, response);
  }

  function answerWithin(leave: Leave, call: Call, exchange: Exchange): void {
    // Whoever asked went away while it waited, or was too slow.
    const { destroyed, writableEnded } = exchange.response;
    if (destroyed || writableEnded) return void leave();
    // It has no slot and no span, and stays: nothing of its call may stay with it.
    if (call.isStream) return void answer(call, exchange);
    const { response } = exchange;
    withinSpan(call, (endSpan) => {
      response.on("close", () => {
        leave();
        endSpan(response.statusCode);
      });
      answer(call, exchange);
    });
  }

  return (request, response) => {
    const { remoteAddress } = request.socket;
    const call = new Call(hosting, headOf(request), {
      remoteAddress,
      boundsBodies: true,
      writesHeaders: true,
    });
    const exchange = { request, response };
    try {
      try {
        call.admit();
      } finally {
        observeAtEnd(call, response);
      }
      const entered = enter(call);
      boundBody(call, exchange, call.route.policy);
      if (!(entered instanceof Promise)) return answerWithin(entered, call, exchange);
      entered.then(
        (leave) => answerWithin(leave, call, exchange),
        (error) => writeFailure(call, exchange, error),
      );
    } catch (error) {
      writeFailure(call, exchange, error);
    }
  };
}

/** For the metrics. Of a stream nothing is counted, and nothing of its call stays with it. */
function observeAtEnd(call: Call, response: ServerResponse): void {
  if (!call.hosting.services.metrics || call.isStream) return;
  response.on("close", () => call.observe(response.statusCode));
}

/** Leaves to the routes what Node would decide for all of them alike: how long a request may take. */
export function leaveBoundsToRoutes(server: Server): void {
  server.requestTimeout = 0;
  server.headersTimeout = headSeconds * 1000;
  server.keepAliveTimeout = idleConnectionSeconds * 1000;
}
