import { plainCallPaths } from "@fermata/contract";

type Send = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

const plainCalls = new RegExp(`/trpc/${plainCallPaths}`);
const pathWithTokens = /\/trpc\/signaling\.messagesOfMany$/;

/**
 * Sends the calls of a room, and those that each upload waits for, as `text/plain`, with the bearer in the body. Before a
 * request to another origin that carries a header of ours, a browser asks that server first, and for the stream of
 * messages anew for each place in it; between two people who want to see each other, and before the first byte of a
 * photo, each such question is a round trip.
 */
export function withoutPreflight(send: Send): Send {
  return asPlainText(send, plainCalls);
}

/** To the page's own origin: only what names tokens in its input, which must not stand in an address. */
export function withoutTokensInUrls(send: Send): Send {
  return asPlainText(send, pathWithTokens);
}

function asPlainText(send: Send, path: RegExp): Send {
  return (input, init = {}) => {
    if (input instanceof Request) return send(input, init);
    const url = new URL(input, globalThis.location?.href);
    if (!path.test(url.pathname)) return send(input, init);
    const headers = new Headers(init.headers);
    const bearer = headers.get("authorization")?.replace(/^Bearer +/i, "") ?? null;
    const lastEventId = headers.get("last-event-id");
    const called = init.method === "POST" ? init.body : url.searchParams.get("input");
    for (const name of ["authorization", "last-event-id"]) headers.delete(name);
    headers.set("content-type", "text/plain;charset=UTF-8");
    // Several calls of a kind in one.
    url.search = url.searchParams.has("batch") ? "?batch=1" : "";
    const body = `{"bearer":${JSON.stringify(bearer)},"lastEventId":${JSON.stringify(lastEventId)},"input":${called ?? null}}`;
    return send(url.href, { ...init, method: "POST", headers, body });
  };
}
