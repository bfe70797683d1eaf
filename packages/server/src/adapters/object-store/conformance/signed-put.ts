import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newId } from "../../../ground/secrets";
import { httpRequest } from "../../../testing/http-request";
import { base64, hex, type OpenedStore } from "./opened-store";

export function describeSignedPut(at: OpenedStore): void {
  describe("a signed PUT", () => {
    test("creates exactly the object that was granted", async () => {
      const key = newId();
      const bytes = randomBytes(200_000);
      const contentDisposition = "inline; filename=\"a_.png\"; filename*=UTF-8''%C3%A5.png";
      const signed = await at.store.signPut(
        at.putGrant(key, { sizeBytes: bytes.length, md5: base64(bytes), contentDisposition }),
      );
      const answer = await at.send(signed, bytes);
      expect(answer.status).toBe(200);
      expect(answer.headers.etag).toBe(`"${hex(bytes)}"`);
      expect((await at.content("media-private", key))?.equals(bytes)).toBe(true);
      const read = await httpRequest(await at.readUrl("media-private", key));
      expect(read.headers["content-disposition"]).toBe(contentDisposition);
      expect(read.headers["content-type"]).toBe("image/png");
      expect(read.body).toEqual(bytes);
    });

    test.each([
      ["another type", { "content-type": "text/html" }],
      ["no type", { "content-type": "" }],
      ["another disposition", { "content-disposition": 'attachment; filename="x.exe"' }],
      ["no If-None-Match", { "if-none-match": "x" }],
    ])("refuses %s", async (_, headers) => {
      const key = newId();
      const body = Buffer.from("png");
      const contentDisposition = "inline";
      const signed = await at.store.signPut(at.putGrant(key, { sizeBytes: 3, contentDisposition }));
      expect((await at.send(signed, body, headers)).status).toBe(403);
      expect(await at.store.head("media-private", key)).toBeNull();
    });

    test.each([2, 4])("refuses %i bytes where 3 were granted", async (sizeBytes) => {
      const key = newId();
      const signed = await at.store.signPut(at.putGrant(key, { sizeBytes: 3 }));
      const answer = await at.send(signed, randomBytes(sizeBytes));
      expect(answer.status).toBe(403);
      expect(await at.store.head("media-private", key)).toBeNull();
    });

    test("refuses bytes with another checksum and stores nothing", async () => {
      const key = newId();
      const md5 = base64(Buffer.from("one"));
      const signed = await at.store.signPut(at.putGrant(key, { sizeBytes: 3, md5 }));
      expect((await at.send(signed, Buffer.from("two"))).status).toBe(400);
      expect(await at.store.head("media-private", key)).toBeNull();
      expect((await at.send(signed, Buffer.from("one"))).status).toBe(200);
    });

    test("refuses a second PUT and keeps the first", async () => {
      const key = newId();
      const signed = await at.store.signPut(at.putGrant(key));
      expect((await at.send(signed, Buffer.from("first"))).status).toBe(200);
      expect((await at.send(signed, Buffer.from("second"))).status).toBe(412);
      expect((await at.content("media-private", key))?.toString()).toBe("first");
    });

    test("refuses a PUT that comes late", async () => {
      const key = newId();
      const signed = await at.store.signPut(at.putGrant(key, { ttlSeconds: 1 }));
      await sleep(2_200);
      const answer = await at.send(signed, Buffer.from("late"));
      expect([400, 403]).toContain(answer.status);
      expect(await at.store.head("media-private", key)).toBeNull();
    });

    test("refuses another key, method or a changed query", async () => {
      const key = newId();
      const signed = await at.store.signPut(at.putGrant(key, { sizeBytes: 3 }));
      const elsewhere = { ...signed, url: signed.url.replace(key, newId()) };
      expect((await at.send(elsewhere, Buffer.from("png"))).status).toBe(403);
      expect((await httpRequest(signed.url, { method: "GET" })).status).toBe(403);
      const query = new URL(signed.url);
      for (const name of [...query.searchParams.keys()].filter((item) => !/^X-Amz-S/i.test(item))) {
        const changed = new URL(query);
        changed.searchParams.set(name, `${changed.searchParams.get(name)}1`);
        const answer = await at.send({ ...signed, url: changed.toString() }, Buffer.from("png"));
        expect(answer.status, name).toBeGreaterThanOrEqual(400);
      }
      expect(await at.store.head("media-private", key)).toBeNull();
    });

    test("does not leave the length out of what it signs", async () => {
      const signed = await at.store.signPut(at.putGrant(newId(), { sizeBytes: 3 }));
      expect(signed.headers).toEqual({ "content-type": "image/png", "if-none-match": "*" });
      expect(Object.keys(signed.headers)).not.toContain("content-length");
    });
  });
}
