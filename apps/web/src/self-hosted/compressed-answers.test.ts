import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSession } from "../studio/auth/create-session";
import { createUser } from "../studio/auth/create-user";
import type { RequestContext } from "../studio/context";
import { type BothHosts, listenBothWays } from "../testing/both-hosts";
import { openTestComposition } from "../testing/test-composition";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
let both: BothHosts;
let token: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-compressed-"));
  opened = await openTestComposition(dir);
  both = await listenBothWays(opened.composition);
  const ctx = { ...opened.composition.services, origin: "http://fermata.test" } as RequestContext;
  const account = { email: "ada@example.com", password: randomUUID(), role: "admin" as const };
  const { userId } = await createUser(ctx, account);
  for (let count = 0; count < 40; count++)
    ({ token } = await createSession(ctx, { userId, kind: "token", name: `Session ${count}` }));
});

afterAll(async () => {
  both.close();
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

function ask(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
    const outgoing = request(
      {
        port: both.servers.direct.port,
        path: `/api/trpc/${path}`,
        agent: false,
        headers: { authorization: `Bearer ${token}`, ...headers },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.on("end", () =>
          resolve({
            encoding: incoming.headers["content-encoding"],
            bytes: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on("error", reject).end();
  });
}

test("a long answer is compressed for whoever takes it so, and says the same", async () => {
  const plain = await ask("auth.sessions");
  const small = await ask("auth.sessions", { "accept-encoding": "gzip" });
  expect(plain.encoding).toBeUndefined();
  expect(small.encoding).toBe("gzip");
  expect(small.bytes.length).toBeLessThan(plain.bytes.length / 3);
  expect(JSON.parse(gunzipSync(small.bytes).toString()).result.data.items).toHaveLength(40);
});

test("a short answer is sent as it is", async () => {
  const { encoding, bytes } = await ask("auth.me", { "accept-encoding": "gzip" });
  expect(encoding).toBeUndefined();
  expect(JSON.parse(bytes.toString()).result.data.user.email).toBe("ada@example.com");
});
