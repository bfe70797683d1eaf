import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSession } from "../studio/auth/create-session";
import { ensureFirstAdmin } from "../studio/auth/ensure-first-admin";
import { type BothHosts, listenBothWays, type Way, ways } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

const allowedOrigin = "https://mirror.example.com";
const host = "studio.example.com";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let owner: string;
let both: BothHosts;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-direct-"));
  opened = await openTestComposition(dir);
  const { services } = opened.composition;
  services.config.allowedOrigins = [allowedOrigin];
  both = await listenBothWays(opened.composition);
  const account = { email: "maja@example.com", password: "a sentence that nobody guesses" };
  await ensureFirstAdmin(services, account);
  const admin = await services.db.user.findFirstOrThrow({ select: { id: true } });
  owner = (
    await createSession(services, {
      userId: admin.id,
      kind: "browser",
      name: "a test",
    })
  ).token;
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

type Headers = Record<string, string>;
const plainHeaders = { "content-type": "text/plain;charset=UTF-8", origin: allowedOrigin };

/** Sends one request; of an event stream it gives what comes until `until` has come. */
function post(by: Way, path: string, headers: Headers, body: string, until?: string) {
  const { port } = both.servers[by];
  type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; text: string };
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(
      `http://127.0.0.1:${port}/api/trpc/signaling.${path}`,
      {
        method: "POST",
        agent: false,
        headers: { host, "content-length": Buffer.byteLength(body), ...headers },
      },
      (incoming) => {
        let text = "";
        const answer = () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
        incoming.on("data", (chunk: Buffer) => {
          text += chunk;
          if (until === undefined || !text.includes(until)) return;
          answer();
          outgoing.destroy();
        });
        incoming.on("end", answer);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** As the browser client sends it to another origin. */
async function call(by: Way, path: string, input: unknown, bearer?: string, extra?: Headers) {
  const body = JSON.stringify({ bearer, input });
  const { text, ...answer } = await post(by, path, { ...plainHeaders, ...extra }, body);
  const [, code] = /"appCode":"(\w+)"/.exec(text) ?? [];
  return { ...answer, data: JSON.parse(text).result?.data, code };
}

async function openRoom() {
  const headers = { "content-type": "application/json", authorization: `Bearer ${owner}` };
  const { text } = await post("fetch", "createRoom", headers, "{}");
  return JSON.parse(text).result.data as { roomId: string; inviteToken: string };
}

describe.each(ways)("plain calls, answered by %s", (by) => {
  test("a guest joins, sends and listens, and the allowed origin may read the answers", async () => {
    const room = await openRoom();
    const { roomId } = room;
    const ada = await call(by, "join", { ...room, displayName: "Ada" });
    expect(ada).toMatchObject({
      status: 200,
      headers: { "access-control-allow-origin": allowedOrigin },
      data: { peers: [], polite: false },
    });
    const ben = await call(by, "join", { ...room, displayName: "Ben", offer: { sdp: "v=0" } });
    expect(ben.data).toMatchObject({ offeredTo: ada.data.peerId, polite: true });
    const messages = [{ kind: "note", payload: "hello" }];
    const sent = await call(by, "send", { roomId, messages }, ben.data.roomToken);
    expect(sent).toMatchObject({ status: 200, data: { cursor: expect.any(String) } });

    const listened = (lastEventId: string | null) => {
      const input = { roomId, presence: true };
      const body = JSON.stringify({ bearer: ada.data.roomToken, input, lastEventId });
      return post(by, "messages", plainHeaders, body, `id: ${sent.data.cursor}`);
    };
    const whole = await listened(null);
    expect(whole.headers["content-type"]).toContain("text/event-stream");
    expect(whole.headers["access-control-allow-origin"]).toBe(allowedOrigin);
    expect(whole.text.match(/"kind":"[^"]+"/g)).toEqual(
      ["peer.joined", "offer", "note"].map((kind) => `"kind":"${kind}"`),
    );
    const rest = await listened(ben.data.cursor);
    expect(rest.text.match(/"kind":"[^"]+"/g)).toEqual(['"kind":"offer"', '"kind":"note"']);
    const left = await call(by, "leave", { roomId }, ben.data.roomToken);
    expect(left.data).toEqual({ left: true });
  });

  test("the room's owner is known by the bearer in the body", async () => {
    const { roomId } = await openRoom();
    const seat = await call(by, "join", { roomId, displayName: "Maja" }, owner);
    expect(seat.status).toBe(200);
    const again = await call(by, "join", { roomId, displayName: "Maja" }, owner);
    expect(again.data.peerId).toBe(seat.data.peerId);
  });

  test("nothing that a browser adds by itself says who calls", async () => {
    const { roomId } = await openRoom();
    const claims: Headers[] = [
      { authorization: `Bearer ${owner}` },
      { cookie: `next-auth.session-token=${owner}; __Secure-next-auth.session-token=${owner}` },
    ];
    for (const extra of claims) {
      const seat = await call(by, "join", { roomId, displayName: "Eve" }, undefined, extra);
      expect([seat.status, seat.code]).toEqual([404, "NOT_FOUND"]);
    }
  });

  test("a page of an origin that is not allowed is refused, whatever it knows", async () => {
    const room = await openRoom();
    const origin = "https://evil.example.com";
    const refused = await call(by, "join", { ...room, displayName: "Eve" }, owner, { origin });
    expect([refused.status, refused.code]).toEqual([403, "FORBIDDEN"]);
    expect(refused.headers["access-control-allow-origin"]).toBeUndefined();
    const ada = await call(by, "join", { ...room, displayName: "Ada" });
    expect(ada.data.peers).toEqual([]);
  });

  test.each(["", "[]", "v=0", '{"bearer":7}', '{"bearer":"two words"}'])(
    "what is no call (%s) is refused",
    async (body) => {
      const answer = await post(by, "join", plainHeaders, body);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain("INVALID_INPUT");
    },
  );

  test("what does not fit is told apart as everywhere", async () => {
    const room = await openRoom();
    const ada = await call(by, "join", { ...room, displayName: "Ada" });
    const { roomToken } = ada.data;
    const messages = [{ kind: "note", payload: 1 }];
    const codes = await Promise.all([
      call(by, "join", { ...room, displayName: "" }),
      call(by, "join", { ...room, displayName: "Ben", offer: "x".repeat(64 * 1024) }),
      call(by, "send", { roomId: room.roomId, messages }),
      call(by, "send", { roomId: room.roomId, messages: [] }, roomToken),
      call(by, "send", { roomId: "another", messages }, roomToken),
    ]);
    expect(codes.map(({ status, code }) => [status, code])).toEqual([
      [400, "INVALID_INPUT"],
      [413, "PAYLOAD_TOO_LARGE"],
      [401, "UNAUTHENTICATED"],
      [400, "INVALID_INPUT"],
      [404, "NOT_FOUND"],
    ]);
  });

  test("no other procedure can be called like this", async () => {
    const answer = await post(by, "createRoom", plainHeaders, JSON.stringify({ bearer: owner }));
    expect(answer.status).toBe(415);
  });

  test("a join as JSON is the same join", async () => {
    const room = await openRoom();
    const body = JSON.stringify({ ...room, displayName: "Ada" });
    const headers = { "content-type": "application/json" };
    const { status, text } = await post(by, "join", headers, body);
    expect(status).toBe(200);
    expect(JSON.parse(text).result.data).toMatchObject({ peers: [], polite: false });
  });
});

test("the calls that somebody waits for are answered directly", async () => {
  const room = await openRoom();
  const before = both.passedOn();
  const ada = await call("direct", "join", { ...room, displayName: "Ada" });
  const messages = [{ kind: "note", payload: 1 }];
  await call("direct", "send", { roomId: room.roomId, messages }, ada.data.roomToken);
  expect(both.passedOn() - before).toBe(0);
  await call("direct", "leave", { roomId: room.roomId }, ada.data.roomToken);
  expect(both.passedOn() - before).toBe(1);
});
