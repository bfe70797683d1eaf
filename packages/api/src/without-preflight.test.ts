import { expect, test } from "vitest";
import { withoutPreflight } from "./without-preflight";

const api = "https://studio.example.com/api/trpc";

/** What is sent in the end. */
async function sent(url: string, init: RequestInit) {
  const calls: { url: string; init: RequestInit | undefined }[] = [];
  const send = withoutPreflight(async (input, given) => {
    calls.push({ url: String(input), init: given });
    return new Response();
  });
  await send(url, init);
  const [call] = calls;
  if (!call) throw new Error("nothing was sent");
  return { ...call, headers: Object.fromEntries(new Headers(call.init?.headers)) };
}

/** What a browser sends to another origin without asking first. */
const harmless = ["accept", "accept-language", "content-language", "content-type"];

test("a room's mutation carries its bearer and input in a body of plain text", async () => {
  const signal = new AbortController().signal;
  const { url, init, headers } = await sent(`${api}/signaling.send`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer fmr_token" },
    body: '{"roomId":"r"}',
    signal,
    credentials: "omit",
    keepalive: true,
  });
  expect(url).toBe(`${api}/signaling.send`);
  expect(Object.keys(headers)).toEqual(["content-type"]);
  expect(headers["content-type"]).toBe("text/plain;charset=UTF-8");
  expect(JSON.parse(String(init?.body))).toEqual({
    bearer: "fmr_token",
    lastEventId: null,
    input: { roomId: "r" },
  });
  expect(init).toMatchObject({ method: "POST", signal, credentials: "omit", keepalive: true });
});

test("a room's stream is asked for in the same way, from its place", async () => {
  const input = JSON.stringify({ roomId: "r", lastEventId: "e:1", presence: true });
  const { url, init, headers } = await sent(
    `${api}/signaling.messages?input=${encodeURIComponent(input)}`,
    {
      method: "GET",
      headers: {
        accept: "text/event-stream",
        authorization: "Bearer fmr_token",
        "Last-Event-ID": "e:7",
      },
      cache: "no-store",
    },
  );
  expect(url).toBe(`${api}/signaling.messages`);
  expect(Object.keys(headers).every((name) => harmless.includes(name))).toBe(true);
  expect(headers.accept).toBe("text/event-stream");
  expect(JSON.parse(String(init?.body))).toEqual({
    bearer: "fmr_token",
    lastEventId: "e:7",
    input: JSON.parse(input),
  });
  expect(init).toMatchObject({ method: "POST", cache: "no-store" });
});

test("a guest's join has no bearer", async () => {
  const { init } = await sent(`${api}/signaling.join`, { method: "POST", body: "{}" });
  expect(JSON.parse(String(init?.body))).toMatchObject({ bearer: null, input: {} });
});

test("everything else goes as it is", async () => {
  const init = { method: "POST", headers: { authorization: "Bearer fms_token" }, body: "{}" };
  for (const path of ["signaling.kick", "files.remove", "signaling.peers,signaling.join?batch=1"]) {
    const { url, init: passed } = await sent(`${api}/${path}`, init);
    expect(url).toBe(`${api}/${path}`);
    expect(passed).toEqual(init);
  }
});

test("so do the calls that an upload of media waits for, under whichever route", async () => {
  for (const name of ["getUploadUrl", "completeUpload", "signParts"]) {
    const { headers } = await sent(`https://studio.example.com/api/fermata/trpc/storage.${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer fms_token" },
      body: "{}",
    });
    expect(Object.keys(headers)).toEqual(["content-type"]);
  }
});

test("grants and completions of several uploads go as one", async () => {
  const path = "storage.getUploadUrl,storage.getUploadUrl";
  const { url, init, headers } = await sent(`${api}/${path}?batch=1`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer t" },
    body: '{"0":{"filename":"a"},"1":{"filename":"b"}}',
  });
  expect(url).toBe(`${api}/${path}?batch=1`);
  expect(Object.keys(headers)).toEqual(["content-type"]);
  expect(JSON.parse(String(init?.body)).input).toEqual({
    0: { filename: "a" },
    1: { filename: "b" },
  });
});
