import { createHash, randomBytes } from "node:crypto";
import * as today from "@fermata/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installReleaseBefore } from "./setup/release-before";
import { newMember, signInAdmin } from "./setup/rpc";
import { png } from "./setup/samples";
import { targets } from "./setup/targets";

const MB = 1_000_000;
let before: Awaited<ReturnType<typeof installReleaseBefore>>;

beforeAll(async () => {
  before = await installReleaseBefore();
});
afterAll(() => before.remove());

const clients = {
  "the client of the release before": () => before.client,
  "today's client": () => today,
};

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

// With BASE_URL, the server may be one of the release before.
describe.each(targets)("against $name", (target) => {
  describe.each(Object.entries(clients))("%s", (_, library) => {
    let fermata: today.Fermata;

    beforeAll(async () => {
      const { token } = await newMember(target, await signInAdmin(target));
      fermata = library().createFermata({ url: target.baseUrl, token });
    });

    test("stores a file, reads it and deletes it", async () => {
      const picture = new File([new Uint8Array(png())], "Flügel.png", { type: "image/png" });
      const { storageId } = await fermata.files.upload(picture);
      const url = await fermata.trpc.files.getUrl.query({ storageId });
      const stored = new Uint8Array(await (await fetch(url ?? "")).arrayBuffer());
      expect(sha256(stored)).toBe(sha256(png()));
      await fermata.trpc.files.delete.mutate({ storageId });
      expect(await fermata.trpc.files.getMetadata.query({ storageId })).toBeNull();
    });

    test.each([
      ["in one piece", 1 * MB],
      ["in parts", 40 * MB],
    ])("sends media %s", async (_how, sizeBytes) => {
      const source = randomBytes(sizeBytes);
      const loaded: number[] = [];
      const media = await fermata.media.upload(new File([source], "clip.bin"), {
        visibility: "private",
        onProgress: ({ loadedBytes }) => loaded.push(loadedBytes),
      });
      const url = await fermata.trpc.storage.getUrl.query({ key: media.key });
      const stored = new Uint8Array(await (await fetch(url ?? "")).arrayBuffer());
      expect([media.status, sha256(stored), loaded.at(-1)]).toEqual([
        "ready",
        sha256(source),
        sizeBytes,
      ]);
    });

    test("continues what another session of the same client left", async () => {
      const file = new File([randomBytes(40 * MB)], "recital.bin", { lastModified: 1 });
      const aborter = new AbortController();
      const pause = library().createPauseControl();
      const left = fermata.media.upload(file, {
        pause,
        signal: aborter.signal,
        onProgress: ({ loadedBytes }) => loadedBytes > 0 && pause.pause(),
      });
      left.catch(() => {});
      await expect.poll(() => pause.getSnapshot(), { timeout: 30_000 }).toBe(true);
      await expect
        .poll(async () => (await fermata.media.findUnfinished()).length, { timeout: 10_000 })
        .toBe(1);
      await expect(fermata.media.upload(file)).resolves.toMatchObject({ status: "ready" });
      aborter.abort();
    });

    test("takes a seat in a room and hears what is said, in a stream and by asking", async () => {
      const { signaling } = fermata.trpc;
      const { roomId, inviteToken } = await signaling.createRoom.mutate({});
      const guest = library().createFermata({ url: target.baseUrl }).trpc.signaling;
      const take = (displayName: string) => guest.join.mutate({ roomId, inviteToken, displayName });
      const seats = [await take("Ines"), await take("Ravi")];
      const [ines, ravi] = seats.map(({ roomToken }) => fermata.as(roomToken).trpc.signaling);
      const heard: unknown[] = [];
      const stream = ravi?.messages.subscribe(
        { roomId, lastEventId: seats[1]?.cursor },
        { onData: (message) => heard.push(message) },
      );
      await ines?.send.mutate({
        roomId,
        messages: [{ kind: "chat", payload: { text: "Da capo" } }],
      });
      await expect.poll(() => JSON.stringify(heard), { timeout: 15_000 }).toContain("Da capo");
      stream?.unsubscribe();
      const pulled = await ravi?.pull.query({ roomId, after: seats[1]?.cursor });
      expect(JSON.stringify(pulled)).toContain("Da capo");
    });

    test("tells failures by their codes", async () => {
      const nobody = library().createFermata({ url: target.baseUrl });
      const codeOf = (promise: Promise<unknown>) =>
        promise.catch((thrown) => library().toFermataError(thrown).code);
      expect(await codeOf(nobody.trpc.files.list.query())).toBe("UNAUTHENTICATED");
      const liar = new File(["not a picture"], "a.png", { type: "image/png" });
      expect(await codeOf(fermata.files.upload(liar))).toBe("UNSUPPORTED_MEDIA_TYPE");
      expect(await codeOf(fermata.trpc.signaling.pull.query({ roomId: "none" }))).toMatch(
        /FORBIDDEN|NOT_FOUND|UNAUTHENTICATED/,
      );
    });
  });
});
