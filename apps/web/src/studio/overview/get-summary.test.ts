import { libraryCrons, lookAtStore, newId } from "@fermata/server/internal";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../testing/studio-lab";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

async function putMedia(key = newId()): Promise<string> {
  const bytes = Buffer.from("ten bytes.");
  await services.objects.put("media-private", key, bytes, { contentType: "video/mp4" });
  return key;
}

test("admins read in the overview what a sweep of the store waits for", async () => {
  await lookAtStore(services);
  const owner = await createTestUser(services);
  const at = services.clock.now();
  for (let made = 0; made < 5; made++) {
    await services.db.media.create({
      data: {
        id: newId(),
        key: await putMedia(),
        userId: owner.id,
        filename: "a.mp4",
        contentType: "video/mp4",
        status: "ready",
        visibility: "private",
        sizeBytes: 10,
        reservedBytes: 10,
        createdAt: at,
        readyAt: at,
        expiresAt: at,
      },
    });
  }
  for (let made = 0; made < 21; made++) await putMedia();
  const admin = await callerFor(services, await createTestUser(services, "admin"));
  const needs = async () => (await admin.overview.summary()).storeNeeds;
  expect(await needs()).toEqual([]);

  const sweep = libraryCrons().find("sweep orphaned bytes");
  services.clock.advance(2 * 86_400);
  expect(await sweep?.run(jobContext(services))).toMatchObject({ asks: true });
  expect(await needs()).toEqual([
    { title: "21 of 26 stored objects belong to no row", body: expect.stringContaining("waits") },
  ]);
  // It is the admins' to decide.
  const member = await callerFor(services, owner);
  expect((await member.overview.summary()).storeNeeds).toEqual([]);
});
