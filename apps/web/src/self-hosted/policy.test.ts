import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BothHosts, listenBothWays, type Way, ways } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

const filesHost = "files.example.com";
const allowedOrigin = "https://mirror.example.com";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let both: BothHosts;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-policy-"));
  opened = await openTestComposition(dir, {
    FERMATA_TRUST_PROXY: "1",
    FERMATA_FILES_ORIGIN: `https://${filesHost}`,
    FERMATA_ALLOWED_ORIGINS: allowedOrigin,
    FERMATA_RATE_LIMITS: "reads.network=0.1/5,joins.room=0.1/2",
  });
  both = await listenBothWays(opened.composition);
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
}

/** Each request comes from a network of its own, unless it says from which. */
let networks = 0;

function ask(way: Way, path: string, { method = "GET", headers = {}, body }: Sent = {}) {
  const from = `203.0.${networks >> 8}.${networks++ & 255}`;
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(
      {
        port: both.servers[way].port,
        path,
        method,
        agent: false,
        headers: { host: "studio.example.com", "x-forwarded-for": from, ...headers },
      },
      (incoming) => {
        let text = "";
        incoming.on("data", (chunk: Buffer) => {
          text += chunk;
        });
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

describe.each(ways)("the policy, by %s", (way) => {
  test("a request keeps the id that its caller gave it, if that is fit for a log", async () => {
    const idOf = async (given: string) => {
      const headers = { "x-request-id": given };
      const { headers: answered, text } = await ask(way, "/api/nowhere", { headers });
      expect(text).toContain(String(answered["x-request-id"]));
      return answered["x-request-id"];
    };
    expect(await idOf("01KAZ-upload_7")).toBe("01KAZ-upload_7");
    for (const unfit of ["short", "x".repeat(65), 'a"b{c}d:e,f', "a b c d e f g"])
      expect(await idOf(unfit)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });

  test.each([
    "/api/health",
    "/api/ready",
    "/api/trpc/auth.me",
    "/api/trpc/signaling.messages",
    "/api/auth/session",
    "/api/inngest",
    "/api/objects/media-public/x",
    "/api/files/upload/fmu_x",
    "/api/nowhere",
  ])("%s is not at the files' own origin, by whatever name it is asked for", async (path) => {
    const names: Record<string, string>[] = [
      { host: filesHost },
      { "x-forwarded-host": filesHost },
      { host: filesHost, "x-forwarded-host": "studio.example.com" },
    ];
    for (const headers of names) expect((await ask(way, path, { headers })).status).toBe(404);
  });

  test.each([
    ["DELETE", "/api/health", "GET, HEAD"],
    ["GET", "/api/files/upload/fmu_x", "POST"],
    ["PATCH", "/api/trpc/auth.me", "GET, POST"],
    ["DELETE", "/api/inngest", "GET, POST, PUT"],
  ])("%s %s is told which methods there are", async (method, path, allow) => {
    const { status, headers } = await ask(way, path, { method });
    expect([status, String(headers.allow).replace("GET, HEAD", "GET")]).toEqual([
      405,
      allow.replace("GET, HEAD", "GET"),
    ]);
  });

  test("a body beyond the route's limit is refused, with and without a length", async () => {
    const paths: [string, number][] = [
      ["/api/inngest", 4 * 1024 * 1024],
      ["/api/auth/callback/credentials", 64 * 1024],
      ["/api/trpc/auth.createToken", 1024 * 1024],
    ];
    for (const [path, limitBytes] of paths) {
      const body = Buffer.alloc(limitBytes + 1, 97);
      const type = { "content-type": "application/json" };
      const chunked = { ...type, "transfer-encoding": "chunked" };
      for (const headers of [type, chunked]) {
        const { status, text } = await ask(way, path, { method: "POST", headers, body });
        expect([path, status, text.includes("PAYLOAD_TOO_LARGE")]).toEqual([path, 413, true]);
      }
    }
  });

  test("a body that nobody reads ends the connection, so that it is not read to its end", async () => {
    const headers = { "transfer-encoding": "chunked" };
    const { status, headers: answered } = await ask(way, "/api/trpc/auth.me", {
      headers,
      body: "x",
    });
    expect([status, way === "direct" && answered.connection]).toEqual([
      200,
      way === "direct" && "close",
    ]);
  });

  test.each([
    ["POST", "/api/trpc/auth.me", 413],
    ["POST", "/api/files/upload/fmu_unknown", 413],
    ["PUT", "/api/objects/media-private/unknown", 403],
    ["DELETE", "/api/health", 405],
    ["POST", "/api/nowhere", 404],
  ])(
    "a refused body is answered before it comes, and who goes on sending can read it: %s %s",
    async (method, path, status) => {
      const socket = connect(both.servers[way].port, "127.0.0.1");
      let text = "";
      let isOver = false;
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => {
        isOver = true;
      });
      const length = status === 413 ? 6e9 : 4e9;
      socket.write(
        `${method} ${path} HTTP/1.1\r\nhost: studio.example.com\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
      );
      await expect.poll(() => text, { timeout: 10_000 }).toContain("requestId");
      expect(text).toContain(`HTTP/1.1 ${status} `);
      const failure = await new Promise((resolve) => {
        socket.on("error", resolve);
        socket.write(Buffer.alloc(1024 * 1024), resolve);
      });
      expect(failure).toBeFalsy();
      await expect.poll(() => isOver, { timeout: 15_000 }).toBe(true);
    },
    30_000,
  );

  test.each(["/api/files/%ff", "/api/%00", "/api/trpc/%"])("%s is malformed", async (path) => {
    expect((await ask(way, path)).status).toBe(400);
  });

  test("answers say that they are not to be sniffed or kept, and that https is to stay", async () => {
    const https = { "x-forwarded-proto": "https" };
    for (const path of ["/api/trpc/auth.me", "/api/health", "/api/nowhere"]) {
      const { headers } = await ask(way, path, { headers: https });
      expect([path, headers["x-content-type-options"]]).toEqual([path, "nosniff"]);
      expect([path, headers["cache-control"]]).toEqual([path, "no-store"]);
      expect([path, headers["strict-transport-security"]]).toEqual([path, "max-age=31536000"]);
    }
    expect((await ask(way, "/api/health")).headers["strict-transport-security"]).toBeUndefined();
  });

  test("who may read an answer depends on the origin, also where it is refused", async () => {
    const asked = (origin: string, method = "GET") =>
      ask(way, "/api/trpc/auth.me", {
        method,
        headers: { origin, "access-control-request-method": "POST" },
      });
    const allowed = await asked(allowedOrigin);
    expect(allowed.headers["access-control-allow-origin"]).toBe(allowedOrigin);
    expect(String(allowed.headers["access-control-expose-headers"])).toContain("retry-after");
    const other = await asked("https://other.example.com");
    expect(other.headers["access-control-allow-origin"]).toBeUndefined();
    const refused = await asked("https://other.example.com", "OPTIONS");
    expect(refused.status).toBe(403);
    for (const { headers } of [allowed, other, refused]) expect(headers.vary).toContain("origin");
  });

  test("a network that asks too much is told when to come back, and others are not kept waiting", async () => {
    const flood = (from: string) =>
      ask(way, "/api/trpc/auth.me", { headers: { "x-forwarded-for": from } });
    const ip = (last: number) => `10.${last}.0.1, 2001:db8:${way === "fetch" ? 1 : 2}:0::${last}`;
    const answers = [];
    for (let i = 1; i <= 8; i++) answers.push(await flood(ip(i)));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    expect(JSON.parse(limited[0]?.text ?? "").error.data).toMatchObject({
      appCode: "RATE_LIMITED",
      details: { limit: "reads.network", retryAfterSeconds: expect.any(Number) },
    });
    expect((await flood("203.0.113.250")).status).toBe(200);
  });

  test("a room that everybody knocks at is told so, whichever way they knock", async () => {
    const input = { roomId: `room-${way}`, displayName: "Eve", inviteToken: "x" };
    const body = JSON.stringify(input);
    const headers = { "content-type": "application/json" };
    const knocks = [];
    for (let i = 0; i < 4; i++) {
      knocks.push(await ask(way, "/api/trpc/signaling.join", { method: "POST", headers, body }));
    }
    const limited = knocks.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]?.text).toContain("joins.room");
    expect(limited[0]?.headers["retry-after"]).toBeDefined();
  });
});

test.each([
  ["OPTIONS * HTTP/1.1", 400],
  ["GET foo HTTP/1.1", 400],
  ["GET /instruments/%ff HTTP/1.1", 400],
  [`GET https://${filesHost}/api/health HTTP/1.1`, 404],
  ["GET http://studio.example.com/api/health HTTP/1.1", 200],
  ["GET /anything HTTP/1.1", 200],
])("Node's own request line %s is answered with %i", async (line, status) => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(both.servers.direct.port, "127.0.0.1");
    socket.write(`${line}\r\nhost: studio.example.com\r\nconnection: close\r\n\r\n`);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test("a page is sent no longer a body than its policy says, also of a length that was not declared", async () => {
  const chunked = { "transfer-encoding": "chunked" };
  const post = (body: Buffer, headers = {}) =>
    ask("direct", "/sign-in", { method: "POST", headers, body });
  const most = Buffer.alloc(1024 * 1024, 97);
  for (const headers of [{}, chunked]) {
    expect(await post(most, headers)).toMatchObject({ status: 200, text: "a page" });
    const { status, text } = await post(Buffer.concat([most, most]), headers);
    expect([status, text.includes("PAYLOAD_TOO_LARGE")]).toEqual([413, true]);
  }
});
