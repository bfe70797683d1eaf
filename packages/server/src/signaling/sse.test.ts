import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appRouter } from "../app-router";
import { openDuo } from "../testing/rooms";
import { createTestServices, requestContext, type TestServices } from "../testing/test-context";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

/** Opens the stream over the wire and reads its events. */
async function openWire(token: string, input: { roomId: string }, lastEventId?: string) {
  const controller = new AbortController();
  const query = new URLSearchParams({ input: JSON.stringify(input) });
  const response = await fetchRequestHandler({
    endpoint: "/api/trpc",
    router: appRouter,
    createContext: () => requestContext(services, token),
    req: new Request(`http://fermata.test/api/trpc/signaling.messages?${query}`, {
      signal: controller.signal,
      headers: {
        accept: "text/event-stream",
        ...(lastEventId && { "last-event-id": lastEventId }),
      },
    }),
  });
  let text = "";
  const decoder = new TextDecoder();
  const finished = (async () => {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })();
  return {
    response,
    finished,
    abort: () => controller.abort(),
    events: () =>
      text
        .split("\n\n")
        .map((block) => Object.fromEntries(block.trim().split("\n").map(splitField)))
        .filter((event) => "data" in event),
  };
}

function splitField(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
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
  expect(wire.events()[0]).toMatchObject({ event: "connected" });
  expect(JSON.parse(wire.events()[2]?.data ?? "")).toMatchObject({ payload: 2, ...second });
  wire.abort();
  await wire.finished.catch(() => undefined);
  // Cut off is not the end: the word for that would keep the client from coming back.
  expect(wire.events().map(({ event }) => event)).not.toContain("return");

  const third = await send(3);
  const again = await openWire(ben.roomToken, { roomId }, second.cursor);
  await expect.poll(() => again.events().map(({ id }) => id)).toEqual([undefined, third.cursor]);
  again.abort();
  await again.finished.catch(() => undefined);
});

test("a kick ends the stream with an error that clients do not retry", async () => {
  const { roomId, ownerCaller, ben } = await openDuo(services);
  const wire = await openWire(ben.roomToken, { roomId });
  await expect.poll(() => wire.events().length).toBe(1);
  await ownerCaller.signaling.kick({ roomId, peerId: ben.peerId });
  await wire.finished;
  const last = wire.events().at(-1);
  expect(last?.event).toBe("serialized-error");
  expect(JSON.parse(last?.data ?? "")).toMatchObject({
    data: {
      code: "FORBIDDEN",
      httpStatus: 403,
      appCode: "FORBIDDEN",
      details: { reason: "kicked" },
      requestId: expect.any(String),
    },
  });
});
