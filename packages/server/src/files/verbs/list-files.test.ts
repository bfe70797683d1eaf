import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";

type Caller = Awaited<ReturnType<typeof callerFor>>;

let services: TestServices;
let ada: { id: string };
let me: Caller;
let admin: Caller;
let member: Caller;

beforeAll(async () => {
  services = await createTestServices();
  ada = await createTestUser(services);
  const other = await createTestUser(services);
  me = await callerFor(services, ada);
  member = await callerFor(services, other);
  admin = await callerFor(services, await createTestUser(services, "admin"));
  const portrait = await add("Portrait of Ada.PNG", "image/png");
  await services.db.user.update({ where: { id: ada.id }, data: { avatarId: portrait } });
  await add("100%_sure.txt", "text/plain");
  await add("1000 sure.csv", "text/csv");
  await add("score.pdf", "application/pdf");
  await add(null, "application/octet-stream");
  await add("all.zip", "application/zip");
  await add("theirs.mp3", "audio/mpeg", other.id);
});

afterAll(() => services.dispose());

test("names are found in whichever Unicode form they are kept and typed", async () => {
  for (const word of ["Résumé", "한글", "Übung"]) {
    const apart = await add(`${word.normalize("NFD")}.txt`, "text/plain");
    const together = await add(`${word.normalize("NFC")}.txt`, "text/plain");
    for (const form of ["NFC", "NFD"]) {
      const { items } = await me.files.list({ search: word.normalize(form) });
      const found = items.map((item) => item.storageId);
      expect(found).toEqual(expect.arrayContaining([apart, together]));
    }
    await services.db.file.deleteMany({ where: { id: { in: [apart, together] } } });
  }
});

let minutes = 0;

async function add(filename: string | null, contentType: string, uploaderId = ada.id) {
  const id = newId();
  const at = new Date(services.clock.now().getTime() + ++minutes * 60_000);
  await services.db.file.create({
    data: {
      id,
      uploaderId,
      filename,
      contentType,
      objectKey: newId(),
      status: "ready",
      sizeBytes: 10,
      sha256: "0".repeat(64),
      createdAt: at,
      readyAt: at,
      grantTokenHash: Buffer.from(newId()),
      grantExpiresAt: at,
    },
  });
  return id;
}

async function names(input: Parameters<Caller["files"]["list"]>[0], as = me) {
  return (await as.files.list(input)).items.map(({ filename }) => filename);
}

test.each([
  ["image", ["Portrait of Ada.PNG"]],
  ["document", ["score.pdf", "100%_sure.txt"]],
  ["table", ["1000 sure.csv"]],
  ["archive", ["all.zip"]],
  ["other", [null]],
  ["video", []],
] as const)("finds files of the kind %s", async (type, found) => {
  expect(await names({ type })).toEqual(found);
});

test("finds names in whatever case, and takes what LIKE would read as a pattern for what it is", async () => {
  expect(await names({ search: " ADA " })).toEqual(["Portrait of Ada.PNG"]);
  expect(await names({ search: "100%_" })).toEqual(["100%_sure.txt"]);
  expect(await names({ search: "\\" })).toEqual([]);
});

test("calls a file without a name by its id", async () => {
  const [unnamed] = (await me.files.list({ type: "other" })).items;
  expect(await names({ search: unnamed?.storageId ?? "" })).toEqual([null]);
});

test("tells attached from unattached, and counts both over the other filters", async () => {
  expect(await names({ state: "attached" })).toEqual(["Portrait of Ada.PNG"]);
  expect(await names({ state: "unattached" })).toHaveLength(5);
  const all = await me.files.list({ withCounts: true, state: "attached" });
  expect(all.counts).toEqual({ attached: 1, unattached: 5 });
  const some = await me.files.list({ withCounts: true, search: "sure" });
  expect(some.counts).toEqual({ attached: 0, unattached: 2 });
  expect((await me.files.list()).counts).toBeUndefined();
});

test("pages through what a filter leaves, each file once", async () => {
  const seen: (string | null)[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Caller["files"]["list"]>> = await me.files.list({
      limit: 2,
      cursor,
      state: "unattached",
    });
    seen.push(...page.items.map(({ filename }) => filename));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(["all.zip", null, "score.pdf", "1000 sure.csv", "100%_sure.txt"]);
});

test("an admin sees that others' files exist, without a link; a member is refused", async () => {
  const { items } = await admin.files.list({ owner: "all", search: "theirs" });
  expect(items).toMatchObject([{ filename: "theirs.mp3", url: null }]);
  expect(items[0]?.owner.email).toMatch(/@example\.com$/);
  expect(await names({ owner: ada.id }, admin)).toHaveLength(6);
  expect(await names(undefined, admin)).toEqual([]);
  expect(await names({ owner: ada.id })).toHaveLength(6);
  for (const owner of ["all", ada.id, "nobody"]) {
    await expect(member.files.list({ owner })).rejects.toMatchObject({
      cause: { code: "FORBIDDEN" },
    });
  }
});
