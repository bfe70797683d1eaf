import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tx } from "../../ground/db";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";
import { recordPart } from "./record-part";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

test.each<[string, (tx: Tx, key: string) => Promise<unknown>]>([
  ["is deleted", (tx, key) => tx.media.delete({ where: { key } })],
  ["ends", (tx, key) => tx.media.update({ where: { key }, data: { status: "failed" } })],
])("a part that arrives while its upload %s is nobody's, and no failure", async (_, end) => {
  const me = await callerFor(services, await createTestUser(services));
  const { key, uploadId } = await me.storage.createMultipartUpload({
    filename: "film.mp4",
    contentType: "video/mp4",
    sizeBytes: 3_000,
  });
  const { id } = await services.db.media.findUniqueOrThrow({ where: { key } });
  const part = { bucket: "media-public" as const, key, uploadId, partNumber: 1 };
  const recorded = await services.db.$transaction(async (tx) => {
    await end(tx, key);
    const recording = recordPart(services, {
      ...part,
      sizeBytes: 3_000,
      etag: `"${"a".repeat(64)}"`,
    });
    // It waits for the end, which nobody else sees yet.
    await expect
      .poll(async () => {
        const [found] = await services.db.$queryRaw<{ waiting: number }[]>`
          SELECT count(*)::int AS waiting FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO "MediaPart"%'`;
        return found?.waiting;
      })
      .toBe(1);
    return { recording };
  });
  await recorded.recording;
  expect(await services.db.mediaPart.count({ where: { mediaId: id } })).toBe(0);
});
