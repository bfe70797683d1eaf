import { afterAll, beforeAll, expect, test } from "vitest";
import { purgeUnattached } from "../files/verbs/purge-unattached";
import { type ByteServer, serveBytesOf } from "../testing/byte-server";
import { sampleOf } from "../testing/sample-bytes";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
  wear,
} from "../testing/test-context";
import { deleteUser } from "../users/delete-user";

type Caller = Awaited<ReturnType<typeof callerFor>>;

let services: TestServices;
let server: ByteServer;
let user: { id: string };
let me: Caller;
let other: Caller;

beforeAll(async () => {
  services = await createTestServices();
  server = await serveBytesOf(services);
  user = await createTestUser(services);
  me = await callerFor(services, user);
  other = await callerFor(services, await createTestUser(services));
});
afterAll(async () => {
  await server.close();
  await services.dispose();
});

const source = "convex";
const day = 24 * 3600;

async function upload(): Promise<string> {
  const { url } = await me.files.generateUploadUrl();
  const headers = { "content-type": "image/png" };
  const answer = await server.request(url, { method: "POST", body: sampleOf("png"), headers });
  return JSON.parse(answer.text).storageId;
}

const find = async (...sourceIds: string[]) => (await me.imports.find({ source, sourceIds })).items;

test("finds what was recorded, in its own source and for its own user alone", async () => {
  const storageId = await upload();
  const sourceCreatedAt = "2023-11-14T22:13:20.000Z";
  await me.imports.record({ source, sourceId: "one", sourceCreatedAt, storageId });
  const recorded = {
    sourceId: "one",
    sourceCreatedAt,
    storageId,
    mediaKey: null,
    mediaStatus: null,
  };
  expect(await find("one", "two")).toEqual([recorded]);
  expect((await me.imports.list({ source })).items).toEqual([recorded]);
  expect((await me.imports.find({ source: "another", sourceIds: ["one"] })).items).toEqual([]);
  expect((await other.imports.find({ source, sourceIds: ["one"] })).items).toEqual([]);
  await expect(other.imports.record({ source, sourceId: "one", storageId })).rejects.toMatchObject({
    cause: { code: "NOT_FOUND" },
  });
});

test("a file stands for one id, and an id that is recorded anew for the newer file", async () => {
  const [first, second] = [await upload(), await upload()];
  await me.imports.record({ source, sourceId: "a", storageId: first });
  await me.imports.record({ source, sourceId: "a", storageId: first });
  await expect(
    me.imports.record({ source, sourceId: "b", storageId: first }),
  ).rejects.toMatchObject({ cause: { code: "CONFLICT" } });
  await me.imports.record({ source, sourceId: "a", storageId: second });
  expect(await find("a")).toMatchObject([{ storageId: second }]);
});

test("an imported file outlives the purge, until its source is forgotten", async () => {
  const kept = await upload();
  const loose = await upload();
  await me.imports.record({ source: "old", sourceId: "kept", storageId: kept });
  services.clock.advance(3 * day);
  await purgeUnattached(jobContext(services));
  expect(await me.files.getMetadata({ storageId: loose })).toBeNull();
  expect(await me.files.getMetadata({ storageId: kept })).toMatchObject({
    attachedTo: { relation: "import" },
  });
  expect(await me.imports.forget({ source: "old" })).toEqual({ forgotten: 1 });
  await purgeUnattached(jobContext(services));
  expect(await me.files.getMetadata({ storageId: kept })).not.toBeNull();
  services.clock.advance(day + 1);
  await purgeUnattached(jobContext(services));
  expect(await me.files.getMetadata({ storageId: kept })).toBeNull();
});

test("an imported file can be attached to the row that it was for", async () => {
  const storageId = await upload();
  await me.imports.record({ source, sourceId: "avatar", storageId });
  await wear(services, user, storageId);
  expect(await me.files.getMetadata({ storageId })).toMatchObject({
    attachedTo: { relation: "user.avatar" },
  });
});

test("deleting an imported file leaves its id behind, without a file", async () => {
  const storageId = await upload();
  await me.imports.record({ source, sourceId: "gone", storageId });
  await me.files.delete({ storageId });
  expect(await find("gone")).toMatchObject([{ storageId: null, mediaKey: null }]);
});

test("a user goes with everything that was imported", async () => {
  const leaving = await createTestUser(services);
  const as = await callerFor(services, leaving);
  const { url } = await as.files.generateUploadUrl();
  const answer = await server.request(url, {
    method: "POST",
    body: sampleOf("png"),
    headers: { "content-type": "image/png" },
  });
  const { storageId } = JSON.parse(answer.text);
  await as.imports.record({ source, sourceId: "x", storageId });
  await deleteUser(services, leaving.id);
  expect(await services.db.importedFile.count({ where: { userId: leaving.id } })).toBe(0);
  expect(await services.db.file.count({ where: { id: storageId } })).toBe(0);
});
