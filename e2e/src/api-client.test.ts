import { createHash, randomBytes, randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createFermata,
  createPauseControl,
  type Fermata,
  type Media,
  openFile,
  toFermataError,
} from "@fermata/api";
import { limits } from "@fermata/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "./setup/fault-proxy";
import { newMember, signIn, signInAdmin } from "./setup/rpc";
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
    let isLost = false;
    proxy.plan(({ url, headers }) => {
      // On the disk store it may be one of the last parts.
      const completes = url?.includes("storage.complete") || headers["upload-complete"] === "?1";
      if (!completes || isLost) return null;
      isLost = true;
      return "lose-answer";
    });
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

  test("a token that ends in the midst of an upload is asked for again, and the upload goes on", async () => {
    proxy.plan(() => null);
    const account = { email: `${randomUUID()}@example.com`, password: randomUUID() };
    const admin = await signInAdmin(target);
    await admin.mutate("auth.createUser", { ...account, role: "member", name: "Ines" });
    const session = await signIn(target, account.email, account.password);
    const told: boolean[] = [];
    let token = session.token ?? null;
    const client = createFermata({
      url: proxy.origin,
      token: async ({ isRefused }) => {
        if (isRefused) {
          told.push(isRefused);
          token = (await signIn(target, account.email, account.password)).token ?? null;
        }
        return token;
      },
    });
    const source = randomBytes(40 * MB);
    const pause = createPauseControl();
    let ending: Promise<void> | null = null;
    const end = async () => {
      const { data } = await session.query("auth.sessions");
      const own = data.items.find(({ current }: { current: boolean }) => current);
      await session.mutate("auth.revokeSession", { sessionId: own.sessionId });
      pause.resume();
    };
    const media = await client.media.upload(new File([source], "clip.bin"), {
      visibility: "private",
      pause,
      onProgress({ loadedBytes }) {
        if (loadedBytes === 0 || ending) return;
        pause.pause();
        ending = end();
      },
    });
    await ending;
    const url = await client.trpc.storage.getUrl.query({ key: media.key });
    const stored = new Uint8Array(await (await fetch(url ?? "")).arrayBuffer());
    expect([media.status, sha256(stored)]).toEqual(["ready", sha256(source)]);
    expect(told.length).toBeGreaterThan(0);
  });

  test.each([
    ["in one piece", 3 * MB],
    ["in parts", 40 * MB],
  ])(
    "a file that is changed while it is sent %s is refused in words, and holds no quota",
    async (_, sizeBytes) => {
      proxy.plan(() => null);
      const before = await fermata.trpc.storage.usage.query();
      const dir = await mkdtemp(join(tmpdir(), "fermata-changed-"));
      const path = join(dir, "clip.bin");
      await writeFile(path, randomBytes(sizeBytes));
      const file = await openFile(path);
      let isChanged = false;
      proxy.plan(({ method, url }) => {
        if (isChanged || (method !== "PUT" && !url?.includes("/media/upload"))) return null;
        isChanged = true;
        appendFileSync(path, "and more");
        return "reset";
      });
      await expect(fermata.media.upload(file)).rejects.toMatchObject({
        name: "FermataError",
        code: "INVALID_INPUT",
      });
      proxy.plan(() => null);
      const left = await fermata.media.findUnfinished();
      for (const { key } of left) await fermata.media.discard(key);
      expect((await fermata.trpc.storage.usage.query()).usedBytes).toBe(before.usedBytes);
      await rm(dir, { recursive: true });
    },
  );
});
