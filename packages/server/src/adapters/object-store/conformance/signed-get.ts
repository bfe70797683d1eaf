import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newId } from "../../../ground/secrets";
import { httpRequest } from "../../../testing/http-request";
import { chunked, inOneHour, type OpenedStore } from "./opened-store";

export function describeSignedGet(at: OpenedStore): void {
  describe("a signed GET", () => {
    test("is the same for the same end, and another for another", async () => {
      const key = newId();
      const expiresAt = inOneHour();
      const first = await at.readUrl("media-private", key, { expiresAt });
      await sleep(1_100);
      expect(await at.readUrl("media-private", key, { expiresAt })).toBe(first);
      expect(
        await at.readUrl("media-private", key, {
          expiresAt: new Date(expiresAt.getTime() + 60_000),
        }),
      ).not.toBe(first);
    });

    test("serves ranges, validators and HEAD-like answers", async () => {
      const key = newId();
      await at.store.put("media-private", key, chunked(Buffer.from("0123456789")), {
        contentType: "image/png",
      });
      const url = await at.readUrl("media-private", key);
      const whole = await httpRequest(url);
      expect(whole).toMatchObject({ status: 200, text: "0123456789" });
      const range = await httpRequest(url, { headers: { range: "bytes=2-4" } });
      expect(range).toMatchObject({ status: 206, text: "234" });
      expect(range.headers["content-range"]).toBe("bytes 2-4/10");
      const suffix = await httpRequest(url, { headers: { range: "bytes=-3" } });
      expect(suffix).toMatchObject({ status: 206, text: "789" });
      expect((await httpRequest(url, { headers: { range: "bytes=10-" } })).status).toBe(416);
      const same = await httpRequest(url, {
        headers: { "if-none-match": String(whole.headers.etag) },
      });
      expect(same).toMatchObject({ status: 304, text: "" });
    });

    test("refuses a forged or expired signature", async () => {
      const key = newId();
      await at.store.put("media-private", key, chunked(Buffer.from("secret")), {
        contentType: "image/png",
      });
      const url = await at.readUrl("media-private", key);
      expect((await httpRequest(url)).status).toBe(200);
      const forged = url.replace(
        /(signature=)(.)/i,
        (_, name, char) => name + (char === "a" ? "b" : "a"),
      );
      expect((await httpRequest(forged)).status).toBe(403);
      expect((await httpRequest(url.split("?")[0] ?? "")).status).toBeGreaterThanOrEqual(400);
      const past = await at.readUrl("media-private", key, {
        expiresAt: new Date(Date.now() - 5_000),
      });
      expect([400, 403]).toContain((await httpRequest(past)).status);
    });
  });
}
