import { randomBytes } from "node:crypto";
import type { Media } from "@fermata/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "./setup/fault-proxy";
import { isPart, type StoreLab, startStoreLab } from "./setup/store-lab";

const mebibyte = 1024 * 1024;
const film = (sizeBytes = 40 * mebibyte + 17) => {
  const bytes = randomBytes(sizeBytes);
  return { bytes, file: new File([bytes], "film.bin", { lastModified: sizeBytes }) };
};

describe.each(["disk", "S3"] as const)("uploads to a failing store: %s", (kind) => {
  let lab: StoreLab;
  beforeAll(async () => {
    lab = await startStoreLab(kind);
  });
  afterAll(() => lab.close());

  test.each<Exclude<Fault, null | "cut">>(["error", "busy", "reset", "lose-answer", "hang"])(
    "parts that meet %s are sent again, and the object is whole",
    async (fault) => {
      const { bytes, file } = film();
      const tries = new Map<string, number>();
      lab.proxy.plan((request) => {
        if (!isPart(request)) return null;
        const part = /partNumber=\d+/.exec(request.url ?? "")?.[0] ?? "";
        tries.set(part, (tries.get(part) ?? 0) + 1);
        return tries.get(part) === 1 ? fault : null;
      });
      const hasty = lab.newSession({ retry: { baseDelayMs: 20, maxDelayMs: 100, stallMs: 500 } });
      const media = await hasty.media.upload(file, { visibility: "private" });
      // Where an answer was lost to the part that completes the upload, all is there.
      const again = [...tries.values()].filter((count) => count > 1);
      expect(again.length).toBeGreaterThan(fault === "lose-answer" ? 0 : tries.size - 1);
      await lab.expectWhole(media, bytes);
    },
  );

  test.each<Exclude<Fault, null | "cut">>(["error", "busy", "reset", "lose-answer", "hang"])(
    "one PUT that meets %s ends with the whole object",
    async (fault) => {
      const { bytes, file } = film(3 * mebibyte);
      let puts = 0;
      lab.proxy.plan(({ method }) => (method === "PUT" && ++puts === 1 ? fault : null));
      const hasty = lab.newSession({ retry: { baseDelayMs: 20, maxDelayMs: 100, stallMs: 300 } });
      const media = await hasty.media.upload(file, { visibility: "private" });
      expect(lab.proxy.faults()).toBe(1);
      await lab.expectWhole(media, bytes);
    },
  );

  test("whatever befalls every third request, the object is whole", async () => {
    const { bytes, file } = film();
    const faults: Fault[] = ["error", "reset", "busy", "lose-answer"];
    let requests = 0;
    lab.proxy.plan(() => (++requests % 3 === 0 ? (faults[(requests / 3) % 4] ?? null) : null));
    const media = await lab.newSession().media.upload(file);
    await lab.expectWhole(media, bytes);
  });

  test.each<[Fault, string]>([
    ["error", "UPSTREAM_UNAVAILABLE"],
    ["busy", "UPSTREAM_UNAVAILABLE"],
    ["reset", "NETWORK"],
    ["hang", "NETWORK"],
  ])(
    "a store that answers nothing but %s is a clear error, and can be continued",
    async (fault, code) => {
      const { bytes, file } = film();
      lab.proxy.plan((request) => (isPart(request) ? fault : null));
      const hasty = lab.newSession({
        retry: { maxTries: 2, baseDelayMs: 10, maxDelayMs: 20, stallMs: 500 },
      });
      await expect(hasty.media.upload(file)).rejects.toMatchObject({ code });
      lab.proxy.plan(() => null);
      const [unfinished] = await hasty.media.findUnfinished();
      const media = await lab.newSession().media.upload(file);
      expect(media.key).toBe(unfinished?.key);
      await lab.expectWhole(media, bytes);
    },
  );

  test("bytes that change on the way are refused by the store and sent again", async () => {
    const { bytes, file } = film();
    let damaged = 0;
    const damaging: typeof fetch = async (input, init) => {
      const url = String(input);
      if (!isPart({ method: init?.method ?? "", url }) || damaged >= 2) return fetch(input, init);
      damaged++;
      const body = new Uint8Array(await new Response(init?.body).arrayBuffer());
      body[100] = (body[100] ?? 0) ^ 1;
      return fetch(input, { ...init, body });
    };
    lab.proxy.plan(() => null);
    const media = await lab.newSession({ fetch: damaging }).media.upload(file);
    expect(damaged).toBe(2);
    await lab.expectWhole(media, bytes);
  });

  test("an answer to the completion that is lost changes nothing", async () => {
    const { bytes, file } = film();
    const seen = new Set<string>();
    lab.proxy.plan(({ method, url = "", headers }) => {
      const isPost = method === "POST" && /completeMultipartUpload|uploadId=/.test(url);
      // On the disk store it is one of those that may be the last.
      const isCompletion = isPost || headers["upload-complete"] === "?1";
      if (!isCompletion || seen.has(url)) return null;
      seen.add(url);
      return "lose-answer";
    });
    const media = await lab.newSession().media.upload(file);
    expect(lab.proxy.faults()).toBeGreaterThan(0);
    await lab.expectWhole(media, bytes);
  });

  test("two browsers that send one upload at once end with one whole object", async () => {
    const { bytes, file } = film();
    lab.proxy.plan(() => null);
    const both = await Promise.all([
      lab.newSession().media.upload(file),
      lab.newSession().media.upload(file),
    ]);
    const keys = new Set(both.map((media: Media) => media.key));
    expect(keys.size).toBe(1);
    await lab.expectWhole(both[0], bytes);
    const unfinished = await lab.newSession().media.findUnfinished();
    expect(unfinished.map(({ key }) => key)).not.toContain(both[0]?.key);
  });
});
