import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { limits } from "@fermata/contract";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDuo } from "../testing/rooms";
import {
  createTestServices,
  libraryRouter,
  requestContext,
  type TestServices,
} from "../testing/test-context";
import { resolveRoomToken } from "./seats/resolve-room-token";
import { writeRoomStream } from "./stream/write-room-stream";

let services: TestServices;
let server: Server;
beforeAll(async () => {
  services = await createTestServices();
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://fermata.test");
    const peer = await resolveRoomToken(services, url.searchParams.get("token") ?? "");
    if (!peer) throw new Error("no such peer");
    response.writeHead(200, { "content-type": "text/event-stream" });
    writeRoomStream(services, response, {
      peer,
      cursor: url.searchParams.get("cursor"),
      presence: url.searchParams.has("presence"),
      requestId: "a request",
      onFailure: () => {},
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await services.dispose();
});

interface Request {
  token: string;
  roomId: string;
  presence?: boolean;
  lastEventId?: string | undefined;
  signal: AbortSignal;
}

/** The two ways a stream is written: what a client reads must not differ. */
const wires: Record<string, (request: Request) => Promise<Response>> = {
  "tRPC's adapter": ({ token, roomId, presence, lastEventId, signal }) => {
    const query = new URLSearchParams({ input: JSON.stringify({ roomId, presence }) });
    return fetchRequestHandler({
      endpoint: "/api/trpc",
      router: libraryRouter,
      createContext: () => requestContext(services, token),
      req: new Request(`http://fermata.test/api/trpc/signaling.messages?${query}`, {
        signal,
        headers: {
          accept: "text/event-stream",
          ...(lastEventId && { "last-event-id": lastEventId }),
        },
      }),
    });
  },
  "Node's response": ({ token, presence, lastEventId, signal }) => {
    const { port } = server.address() as AddressInfo;
    const query = new URLSearchParams({ token, ...(presence && { presence: "" }) });
    if (lastEventId) query.set("cursor", lastEventId);
    return fetch(`http://127.0.0.1:${port}/?${query}`, { signal });
  },
};

describe.each(Object.keys(wires))("a stream through %s", (name) => {
  const open = wires[name] as (request: Request) => Promise<Response>;

  /** Opens the stream over the wire and reads its events. */
  async function openWire(
    token: string,
    input: { roomId: string; presence?: boolean },
    lastEventId?: string,
  ) {
    const controller = new AbortController();
    const { signal } = controller;
    const response = await open({ token, ...input, lastEventId, signal });
    let text = "";
    const decoder = new TextDecoder();
    const finished = (async () => {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
      }
    })().catch((error) => {
      if (!signal.aborted) throw error;
    });
    return {
      response,
      finished,
      text: () => text,
      abort: () => controller.abort(),
      events: () =>
        text
          .split("\n\n")
          .map((block) => Object.fromEntries(block.trim().split("\n").map(splitField)))
          .filter((event) => "data" in event),
    };
  }

  test("events carry their cursor as id, and the browser's last one resumes after it", async () => {
    const { roomId, ada, ben } = await openDuo(services);
    const send = (payload: number) =>
      ada.caller.signaling.send({ roomId, messages: [{ kind: "n", payload }] });
    const first = await send(1);
    const second = await send(2);
    const wire = await openWire(ben.roomToken, { roomId });
    expect(wire.response.headers.get("content-type")).toBe("text/event-stream");
    await expect
      .poll(() => wire.events().map(({ id }) => id))
      .toEqual([undefined, first.cursor, second.cursor]);
    expect(wire.events()[0]).toMatchObject({
      event: "connected",
      data: JSON.stringify({ reconnectAfterInactivityMs: 45_000 }),
    });
    expect(JSON.parse(wire.events()[2]?.data ?? "")).toMatchObject({ payload: 2, ...second });
    wire.abort();
    await wire.finished;
    // Cut off is not the end: the word for that would keep the client from coming back.
    expect(wire.events().map(({ event }) => event)).not.toContain("return");

    const third = await send(3);
    const again = await openWire(ben.roomToken, { roomId }, second.cursor);
    await expect.poll(() => again.events().map(({ id }) => id)).toEqual([undefined, third.cursor]);
    again.abort();
    await again.finished;
  });

  test("one event is these bytes", async () => {
    const { roomId, ada, ben } = await openDuo(services);
    const wire = await openWire(ben.roomToken, { roomId });
    await expect.poll(() => wire.events().length).toBe(1);
    const before = wire.text().length;
    const payload = { text: "Prélude\n\u2028", list: [1, null, true] };
    const { cursor } = await ada.caller.signaling.send({
      roomId,
      messages: [{ kind: "note", payload }],
    });
    await expect.poll(() => wire.events().length).toBe(2);
    const { sentAt, ...data } = JSON.parse(wire.events()[1]?.data ?? "");
    expect(data).toEqual({ cursor, from: ada.peerId, to: null, kind: "note", payload });
    const json = JSON.stringify({ ...data, sentAt });
    expect(wire.text().slice(before)).toBe(`data: ${json}\nid: ${cursor}\n\n\n`);
    wire.abort();
    await wire.finished;
  });

  test("joins and leaves come to those who ask for them", async () => {
    const { roomId, ada, ben } = await openDuo(services);
    const wire = await openWire(ben.roomToken, { roomId, presence: true });
    await expect.poll(() => wire.events().length).toBe(1);
    await ada.caller.signaling.leave({ roomId });
    await expect.poll(() => wire.events().length).toBe(2);
    expect(JSON.parse(wire.events()[1]?.data ?? "")).toMatchObject({
      kind: "peer.left",
      payload: { peerId: ada.peerId, reason: "left" },
    });
    wire.abort();
    await wire.finished;
  });

  test("a place that is not of this room's life is answered with a reset", async () => {
    const { roomId, ben } = await openDuo(services);
    const wire = await openWire(ben.roomToken, { roomId }, "another-life:3");
    await expect.poll(() => wire.events().length).toBe(2);
    const [, event] = wire.events();
    expect(JSON.parse(event?.data ?? "")).toEqual({ kind: "reset", cursor: event?.id });
    wire.abort();
    await wire.finished;
  });

  test("a reader far behind gets everything, in order, in as many reads as it takes", async () => {
    const { roomId, ada, ben } = await openDuo(services);
    const { messagesPerSend } = limits.signaling;
    const payloads = Array.from({ length: 12 * messagesPerSend }, (_, index) => index);
    for (let from = 0; from < payloads.length; from += messagesPerSend) {
      const messages = payloads
        .slice(from, from + messagesPerSend)
        .map((payload) => ({ kind: "n", payload }));
      await ada.caller.signaling.send({ roomId, messages });
    }
    const wire = await openWire(ben.roomToken, { roomId });
    await expect.poll(() => wire.events().length, { timeout: 10_000 }).toBe(payloads.length + 1);
    const got = wire.events().slice(1);
    expect(got.map(({ data }) => JSON.parse(data ?? "").payload)).toEqual(payloads);
    wire.abort();
    await wire.finished;
  });

  test("a kick ends the stream with an error that clients do not retry", async () => {
    const { roomId, ownerCaller, ben } = await openDuo(services);
    const wire = await openWire(ben.roomToken, { roomId });
    await expect.poll(() => wire.events().length).toBe(1);
    await ownerCaller.signaling.kick({ roomId, peerId: ben.peerId });
    await wire.finished;
    const last = wire.events().at(-1);
    expect(last?.event).toBe("serialized-error");
    expect(JSON.parse(last?.data ?? "")).toEqual({
      code: -32003,
      message: expect.any(String),
      data: {
        code: "FORBIDDEN",
        httpStatus: 403,
        appCode: "FORBIDDEN",
        details: { reason: "kicked" },
        requestId: expect.any(String),
      },
    });
  });

  test("a closed room, a replaced connection and one stream too many each say what they are", async () => {
    const { roomId, ownerCaller, inviteToken, ben } = await openDuo(services);
    const codeOfLast = (wire: { events(): { data?: string }[] }) =>
      JSON.parse(wire.events().at(-1)?.data ?? "").data;
    const streams = await Promise.all(
      Array.from({ length: 10 }, () => openWire(ben.roomToken, { roomId })),
    );
    for (const wire of streams) await expect.poll(() => wire.events().length).toBe(1);
    const surplus = await openWire(ben.roomToken, { roomId });
    await surplus.finished;
    expect(codeOfLast(surplus)).toMatchObject({ appCode: "RATE_LIMITED", httpStatus: 429 });

    const guest = await requestContext(services);
    const { resumeToken } = ben;
    const again = await libraryRouter
      .createCaller(guest)
      .signaling.join({ roomId, inviteToken, resumeToken, displayName: "Ben" });
    for (const wire of streams) await wire.finished;
    expect(codeOfLast(streams[0] as (typeof streams)[0])).toMatchObject({
      appCode: "FORBIDDEN",
      details: { reason: "replaced" },
    });

    const last = await openWire(again.roomToken, { roomId });
    await expect.poll(() => last.events().length).toBe(1);
    await ownerCaller.signaling.closeRoom({ roomId });
    await last.finished;
    expect(codeOfLast(last)).toMatchObject({ appCode: "ROOM_CLOSED", httpStatus: 409 });
  });
});

test("straight from Node, clients are told to come back soon, and not all at once", async () => {
  const { roomId, ben } = await openDuo(services);
  const retryMs: number[] = [];
  for (let count = 0; count < 8; count++) {
    const stop = new AbortController();
    const open = wires["Node's response"] as (request: Request) => Promise<Response>;
    const response = await open({ token: ben.roomToken, roomId, signal: stop.signal });
    const first = await response.body?.getReader().read();
    const [, retry] = /^retry: (\d+)\n/.exec(new TextDecoder().decode(first?.value)) ?? [];
    retryMs.push(Number(retry));
    stop.abort();
  }
  expect(Math.min(...retryMs)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...retryMs)).toBeLessThanOrEqual(1_500);
  expect(new Set(retryMs).size).toBeGreaterThan(1);
});

function splitField(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
