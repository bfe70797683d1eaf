import { createHash } from "node:crypto";
import {
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import { systemClock } from "../../ports/clock";
import type { ReceivedPart } from "../../ports/object-endpoint";
import { httpRequest } from "../../testing/http-request";
import { type FetchServer, serveFetch } from "../../testing/serve-fetch";
import { describeObjectStore } from "./conformance";
import { createDiskObjectStore, type DiskObjectStore } from "./disk";
import { ObjectTree } from "./disk/object-tree";

const secret = "only this test knows it, and it is long enough";

describeObjectStore("the disk", async () => {
  const dir = await mkdtemp(join(tmpdir(), "fermata-objects-"));
  const store = createDiskObjectStore({ dir, secret, clock: systemClock });
  const server = await serveFetch((request) => store.handle(request));
  return {
    store,
    origin: server.origin,
    async close() {
      await server.close();
      await rm(dir, { recursive: true });
    },
  };
});

test("a file that went away cannot be given another place, and nobody waits for it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "fermata-objects-"));
  const tree = new ObjectTree(dir);
  const gone = tree.objectDir("media-private", newId());
  const place = tree.objectDir("media-public", newId());
  await expect(tree.copyFile(gone, place)).rejects.toMatchObject({ code: "ENOENT" });
  await rm(dir, { recursive: true });
});

describe("the disk's endpoint", () => {
  let dir: string;
  let store: DiskObjectStore;
  let server: FetchServer;
  const received: ReceivedPart[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "fermata-objects-"));
    store = createDiskObjectStore({
      dir,
      secret,
      clock: systemClock,
      bounds: { idleSeconds: 0.3, totalSeconds: 60 },
      onPart: async (part) => void received.push(part),
    });
    server = await serveFetch((request) => store.handle(request));
  });
  afterAll(async () => {
    await server.close();
    await rm(dir, { recursive: true });
  });

  const grant = (key: string) =>
    store.signPut({
      bucket: "media-private",
      key,
      contentType: "image/png",
      sizeBytes: 10_000,
      ttlSeconds: 60,
      origin: server.origin,
    });

  /** Announces 10,000 bytes and sends 4,000. @returns what the server said until the connection ended */
  const sendHalf = (url: string, headers: Record<string, string>, hangUp: boolean) =>
    new Promise<string>((resolve) => {
      const { port, pathname, search } = new URL(url);
      let answer = "";
      const socket = connect(Number(port), "127.0.0.1", () => {
        const lines = Object.entries({ ...headers, "content-length": "10000" });
        socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`);
        for (const [name, value] of lines) socket.write(`${name}: ${value}\r\n`);
        socket.write("\r\n");
        socket.write(Buffer.alloc(4_000));
        if (hangUp) setTimeout(() => socket.destroy(), 50);
      });
      socket.on("data", (chunk) => {
        answer += chunk;
        if (answer.includes("requestId")) socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer));
    });

  test.each([
    ["stalls", false],
    ["goes away", true],
  ])("stores nothing of a client that %s, which may try again", async (_, hangUp) => {
    const key = newId();
    const { url, headers } = await grant(key);
    const answer = await sendHalf(url, headers, hangUp);
    if (!hangUp) expect(answer).toContain("UPLOAD_INCOMPLETE");
    await expect.poll(() => readdir(join(dir, "tmp"))).toEqual([]);
    expect(await store.head("media-private", key)).toBeNull();
    const again = await httpRequest(url, {
      method: "PUT",
      headers: { ...headers, "content-length": "10000" },
      body: Buffer.alloc(10_000),
    });
    expect(again.status).toBe(200);
  });

  test("wants a length where it signed one", async () => {
    const { url, headers } = await grant(newId());
    const chunked = { ...headers, "transfer-encoding": "chunked" };
    const answer = await httpRequest(url, { method: "PUT", headers: chunked, body: "x" });
    expect(answer.status).toBe(411);
  });

  test("tells of a part before its sender hears of it", async () => {
    const key = newId();
    const uploadId = await store.createMultipartUpload("media-public", key, {
      contentType: "video/mp4",
    });
    const [signed] = await store.signParts([
      {
        bucket: "media-public",
        key,
        uploadId,
        partNumber: 1,
        sizeBytes: 4,
        ttlSeconds: 60,
        origin: server.origin,
      },
    ]);
    const answer = await httpRequest(signed?.url ?? "", {
      method: "PUT",
      headers: { "content-length": "4" },
      body: "part",
    });
    expect(received).toEqual([
      {
        bucket: "media-public",
        key,
        uploadId,
        partNumber: 1,
        sizeBytes: 4,
        etag: answer.headers.etag,
      },
    ]);
    expect((await httpRequest(store.publicUrl(key, server.origin))).status).toBe(404);
  });

  test("leaves nothing of a part that was refused or broke off", async () => {
    const key = newId();
    const uploadId = await store.createMultipartUpload("media-private", key, {
      contentType: "video/mp4",
    });
    const [signed] = await store.signParts([
      {
        bucket: "media-private",
        key,
        uploadId,
        partNumber: 1,
        sizeBytes: 10_000,
        sha256: createHash("sha256").update("others").digest("hex"),
        ttlSeconds: 60,
        origin: server.origin,
      },
    ]);
    const { url = "", headers = {} } = signed ?? {};
    const uploads = join(dir, "uploads", "media-private");
    const drafts = async () =>
      (await readdir(uploads, { recursive: true })).filter((path) => path.includes("draft-"));
    const wrong = await httpRequest(url, {
      method: "PUT",
      headers: { ...headers, "content-length": "10000" },
      body: Buffer.alloc(10_000),
    });
    expect([wrong.status, JSON.parse(wrong.text).error.appCode]).toEqual([
      400,
      "CHECKSUM_MISMATCH",
    ]);
    expect(await drafts()).toEqual([]);
    // It stalls, so that its draft is there for as long as the server waits.
    const answer = sendHalf(url, headers, false);
    await expect.poll(async () => (await drafts()).length, { interval: 10 }).toBe(1);
    expect(await answer).toContain("UPLOAD_INCOMPLETE");
    await expect.poll(drafts).toEqual([]);
    await store.abortMultipartUpload("media-private", key, uploadId);
  });

  test("follows no link out of its directory", async () => {
    const outside = join(dir, "outside");
    await writeFile(outside, "a secret of the machine");
    const key = newId();
    await store.put("media-public", key, oneChunk("harmless and as long as it"), {
      contentType: "text/plain",
    });
    const found = (await readdir(dir, { recursive: true })).find((path) => path.endsWith(key));
    const segment = join(dir, found ?? "");
    await unlink(segment);
    await symlink(outside, segment);
    const answer = await httpRequest(store.publicUrl(key, server.origin)).catch(() => null);
    expect(answer?.text ?? "").not.toContain("secret");
  });

  test("says NOT_FOUND of bytes that are deleted before they are read", async () => {
    const key = newId();
    async function* bytes() {
      yield Buffer.from("gone");
    }
    await store.put("files", key, bytes(), { contentType: "text/plain" });
    const found = await store.get("files", key);
    await store.delete("files", key);
    await expect(new Response(found?.body).text()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("lists what a killed process left of an object, which nothing reads and a sweep deletes", async () => {
    const key = newId();
    await store.put("files", key, Buffer.from("whole"), { contentType: "text/plain" });
    const place = (await readdir(dir, { recursive: true })).find((path) => path.endsWith(key));
    await truncate(join(dir, place ?? ""), 3);
    const listed = async () =>
      (await store.list("files", { limit: 1000 })).items.filter((item) => item.key === key);
    expect(await listed()).toMatchObject([{ sizeBytes: 3, isPart: true }]);
    expect(await store.get("files", key)).toBeNull();
    const again = store.put("files", key, Buffer.from("again"), { contentType: "text/plain" });
    await expect(again).rejects.toMatchObject({ code: "CONFLICT" });
    await store.delete("files", key);
    expect(await listed()).toEqual([]);
  });

  test("keeps objects when it is opened anew", async () => {
    const key = newId();
    await store.put("files", key, oneChunk("kept"), { contentType: "text/plain" });
    const anew = createDiskObjectStore({ dir, secret, clock: systemClock });
    const found = await anew.get("files", key);
    expect(await new Response(found?.body).text()).toBe("kept");
  });

  test("keeps what an earlier version stored, in directories of another layout", async () => {
    const earlier = await mkdtemp(join(tmpdir(), "fermata-objects-"));
    const key = newId();
    const fanOut = createHash("sha256").update(key).digest("hex").slice(0, 3);
    const place = join(earlier, "objects", "files", fanOut, key);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "data"), "kept");
    const facts = { contentType: "text/plain", etag: '"one"', sizeBytes: 4 };
    const segments = [{ file: "data", sizeBytes: 4 }];
    await writeFile(join(place, "meta.json"), JSON.stringify({ ...facts, segments }));
    for (const time of ["first", "second"]) {
      const anew = createDiskObjectStore({ dir: earlier, secret, clock: systemClock });
      const found = await anew.get("files", key);
      expect(await new Response(found?.body).text(), time).toBe("kept");
      expect(await anew.head("files", key)).toEqual(facts);
      const { items } = await anew.list("files", { limit: 10 });
      expect(items.map((item) => item.key)).toEqual([key]);
    }
    await rm(earlier, { recursive: true });
  });
});

test.each(["/proc/fermata", "a file"])(
  "a place that takes nothing (%s) says so, and nothing hangs",
  async (kind) => {
    const root = await mkdtemp(join(tmpdir(), "fermata-shut-"));
    const place = kind === "a file" ? join(root, "file") : kind;
    if (kind === "a file") await writeFile(place, "");
    const shut = createDiskObjectStore({ dir: place, secret, clock: systemClock });
    const facts = { contentType: "text/plain" };
    const away = { code: "UPSTREAM_UNAVAILABLE" };
    await expect(shut.put("files", newId(), Buffer.from("a"), facts)).rejects.toMatchObject(away);
    await expect(shut.put("files", newId(), oneChunk("a"), facts)).rejects.toMatchObject(away);
    await expect(shut.createMultipartUpload("files", newId(), facts)).rejects.toMatchObject(away);
    await expect(shut.writeMarks("ours")).rejects.toMatchObject(away);
    const { url, headers } = await shut.signPut({
      bucket: "media-private",
      key: newId(),
      contentType: "text/plain",
      ttlSeconds: 60,
      origin: "http://fermata.test",
    });
    const body = Buffer.alloc(3_000_000);
    const answer = await shut.handle(new Request(url, { method: "PUT", headers, body }));
    expect(answer.status).toBe(503);
    await rm(root, { recursive: true, force: true });
  },
);

test("a completion whose place cannot be written to says so, and is none of the sender's", async () => {
  const dir = await mkdtemp(join(tmpdir(), "fermata-objects-"));
  const store = createDiskObjectStore({ dir, secret, clock: systemClock });
  const key = newId();
  const uploadId = await store.createMultipartUpload("media-private", key, {
    contentType: "video/mp4",
  });
  const [signed] = await store.signParts([
    {
      ...{ bucket: "media-private" as const, key, uploadId, partNumber: 1, sizeBytes: 3 },
      ...{ ttlSeconds: 60, origin: "http://fermata.test" },
    },
  ]);
  const sent = await store.handle(
    new Request(signed?.url ?? "", {
      method: "PUT",
      headers: { "content-length": "3" },
      body: "abc",
    }),
  );
  const parts = [{ partNumber: 1, etag: sent.headers.get("etag") ?? "" }];
  const complete = () => store.completeMultipartUpload("media-private", key, uploadId, parts);
  const fan = dirname(new ObjectTree(dir).objectDir("media-private", key));
  await mkdir(dirname(fan), { recursive: true });
  await writeFile(fan, "");
  await expect(complete()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  await rm(fan);
  await complete();
  const found = await store.get("media-private", key);
  expect(await new Response(found?.body).text()).toBe("abc");
  await rm(dir, { recursive: true });
});

async function* oneChunk(text: string) {
  yield Buffer.from(text);
}
