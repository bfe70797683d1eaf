import { createHash, randomBytes } from "node:crypto";
import { createFermata, type Fermata, type Media, toFermataError } from "@fermata/api";
import { limits } from "@fermata/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "./setup/fault-proxy";
import { newMember, signInAdmin } from "./setup/rpc";
import { png } from "./setup/samples";
import { targets } from "./setup/targets";

const MB = 1_000_000;

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe.each(targets)("the published client against $name, over a bad network", (target) => {
  let proxy: FaultProxy;
  let fermata: Fermata;

  beforeAll(async () => {
    const { token } = await newMember(target, await signInAdmin(target));
    proxy = await startFaultProxy(target.baseUrl);
    fermata = createFermata({
      url: proxy.origin,
      token,
      retry: { baseDelayMs: 10, maxDelayMs: 100 },
    });
  });
  afterAll(() => proxy.close());

  const picture = () => new File([new Uint8Array(png())], "Flügel.png", { type: "image/png" });

  async function expectWhole(media: Media, source: Uint8Array) {
    const url = media.publicUrl ?? (await fermata.trpc.storage.getUrl.query({ key: media.key }));
    const stored = new Uint8Array(await (await fetch(url ?? "")).arrayBuffer());
    expect([media.status, sha256(stored)]).toEqual(["ready", sha256(source)]);
  }

  test("tells its errors in the words of the contract", async () => {
    proxy.plan(() => null);
    const nobody = createFermata({ url: proxy.origin });
    const error = toFermataError(await nobody.trpc.files.list.query().catch((thrown) => thrown));
    expect(error).toMatchObject({ code: "UNAUTHENTICATED", httpStatus: 401 });
    expect(error.requestId).toBeTruthy();
  });

  test("stores a file under its name, with progress", async () => {
    proxy.plan(() => null);
    const loaded: number[] = [];
    const file = picture();
    const { storageId } = await fermata.files.upload(file, {
      onProgress: ({ loadedBytes }) => loaded.push(loadedBytes),
    });
    expect(await fermata.trpc.files.getMetadata.query({ storageId })).toMatchObject({
      filename: "Flügel.png",
      contentType: "image/png",
      sizeBytes: file.size,
    });
    expect(loaded.at(-1)).toBe(file.size);
  });

  test.each(["reset", "busy", "lose-answer"] as const)(
    "stores a file once when its POST meets: %s",
    async (fault) => {
      const before = await fermata.trpc.files.usage.query();
      proxy.plan(({ url }, count) =>
        url?.startsWith("/api/files/upload") && count === 1 ? fault : null,
      );
      const { storageId } = await fermata.files.upload(picture());
      expect(proxy.faults()).toBe(1);
      expect(await fermata.trpc.files.getMetadata.query({ storageId })).not.toBeNull();
      const after = await fermata.trpc.files.usage.query();
      expect(after.count).toBe(before.count + 1);
    },
  );

  test("a file that the server refuses is refused at once, with its reason", async () => {
    proxy.plan(() => null);
    const liar = new File(["not a picture"], "a.png", { type: "image/png" });
    await expect(fermata.files.upload(liar)).rejects.toMatchObject({
      code: "UNSUPPORTED_MEDIA_TYPE",
    });
    const large = new Blob([new Uint8Array(limits.files.maxBytes + 1)]);
    await expect(fermata.files.upload(large)).rejects.toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      details: { limitBytes: limits.files.maxBytes },
    });
  });

  test.each(["reset", "busy", "lose-answer"] as const)(
    "a single PUT ends with the whole object when it meets: %s",
    async (fault) => {
      const source = randomBytes(3 * MB);
      proxy.plan(({ method }, count) => (method === "PUT" && count === 1 ? fault : null));
      const media = await fermata.media.upload(new File([source], "clip.bin"), {
        visibility: "private",
      });
      await expectWhole(media, source);
    },
  );

  test("an upload in parts ends with the whole object whatever befalls its parts", async () => {
    const source = randomBytes(40 * MB);
    let puts = 0;
    proxy.plan(({ method }) => {
      if (method !== "PUT") return null;
      puts++;
      if (puts % 6 === 1) return "reset";
      if (puts % 6 === 3) return "busy";
      return puts % 6 === 5 ? "lose-answer" : null;
    });
    await expectWhole(await fermata.media.upload(new File([source], "clip.bin")), source);
  });

  test("an answer to the completion that is lost does not lose the media", async () => {
    const source = randomBytes(40 * MB);
    proxy.plan(({ url }, count) =>
      url?.includes("storage.complete") && count === 1 ? "lose-answer" : null,
    );
    await expectWhole(await fermata.media.upload(new File([source], "clip.bin")), source);
    expect(proxy.faults()).toBe(1);
  });

  test("an aborted upload gives its quota back and leaves nothing to see", async () => {
    proxy.plan(() => null);
    const before = await fermata.trpc.storage.usage.query();
    const aborter = new AbortController();
    proxy.plan(({ method }) => {
      if (method === "PUT") aborter.abort();
      return null;
    });
    const upload = fermata.media.upload(new File([randomBytes(40 * MB)], "clip.bin"), {
      signal: aborter.signal,
    });
    await expect(upload).rejects.toMatchObject({ code: "ABORTED" });
    expect(await fermata.trpc.storage.usage.query()).toEqual(before);
  });
});
