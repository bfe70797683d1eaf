import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ProcedureAccess, storeFile, toAppError } from "@fermata/server/internal";
import { readyMedia } from "@fermata/server/testing/ready-media";
import { openRoom, sitDown } from "@fermata/server/testing/rooms";
import { sampleOf } from "@fermata/server/testing/sample-bytes";
import { isTrackedEnvelope } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appRouter } from "./app-router";
import { createSession } from "./auth/create-session";
import { hashPassword } from "./auth/passwords";
import { procedureAccess } from "./procedure-access";
import {
  callerFor,
  createTestServices,
  createTestUser,
  requestContext,
  type TestServices,
} from "./testing/studio-lab";
import { createCallerFactory } from "./trpc";

type Path = keyof typeof procedureAccess;
type Who = "nobody" | "guest" | "member" | "admin";

const lines = Object.entries(procedureAccess) as [Path, ProcedureAccess][];
const kinds = ["nobody", "guest", "member", "admin"] as const;
const password = "a sentence that nobody guesses";
const missing = "missing";

let services: TestServices;
let passwordHash: string;
let maja: Belongings;
let strangers: Record<Who, string>;

/** What is one user's, by the names that inputs call it. */
interface Belongings {
  userId: string;
  storageId: string;
  key: string;
  instrumentId: string;
  itemId: string;
  attachmentId: string;
  slug: string;
  roomId: string;
  peerId: string;
  sessionId: string;
  password: string;
  /** Bearer tokens: the user's, and that of a guest in the user's room. */
  tokens: { member: string; guest: string };
}

/** What whoever asks names of it, or of nobody's. */
type Ids = Omit<Belongings, "tokens">;

const nothing: Ids = {
  userId: missing,
  storageId: missing,
  key: missing,
  instrumentId: missing,
  itemId: missing,
  attachmentId: missing,
  slug: missing,
  roomId: missing,
  peerId: missing,
  sessionId: missing,
  password: "not the password",
};

async function createBelongings(): Promise<Belongings> {
  const { owner, roomId, inviteToken } = await openRoom(services);
  const caller = await callerFor(services, owner);
  const userId = owner.id;
  await services.db.user.update({ where: { id: userId }, data: { passwordHash } });
  const pdf = { ownerId: userId, contentType: "application/pdf" };
  const attached = await storeFile(services, sampleOf("pdf"), pdf);
  const { storageId } = await storeFile(services, sampleOf("pdf"), pdf);
  const shown = await readyMedia(services, caller, sampleOf("png"), { contentType: "image/png" });
  const { key } = await readyMedia(services, caller, sampleOf("png"), { contentType: "image/png" });
  const { instrumentId, slug } = await caller.instruments.create({ name: "Osterlind 204" });
  await caller.instruments.addMedia({ instrumentId, keys: [shown.key] });
  const title = "Report";
  const instrument = await caller.instruments.attachFile({ instrumentId, title, ...attached });
  const { roomToken, peerId } = await sitDown(services, null, { roomId, inviteToken });
  const session = await createSession(services, { userId, kind: "token", name: "test" });
  return {
    userId,
    storageId,
    key,
    instrumentId,
    itemId: instrument.media[0]?.itemId ?? missing,
    attachmentId: instrument.attachments[0]?.attachmentId ?? missing,
    slug,
    roomId,
    peerId,
    sessionId: session.sessionId,
    password,
    tokens: { member: session.token, guest: roomToken },
  };
}

async function tokenOf(role: "member" | "admin"): Promise<string> {
  const { id: userId } = await createTestUser(services, role);
  return (await createSession(services, { userId, kind: "token", name: "test" })).token;
}

beforeAll(async () => {
  services = await createTestServices();
  passwordHash = await hashPassword(password);
  maja = await createBelongings();
  strangers = {
    nobody: "fms_forged",
    guest: (await createBelongings()).tokens.guest,
    member: await tokenOf("member"),
    admin: await tokenOf("admin"),
  };
  const admin = await callerFor(services, strangers.admin);
  await admin.settings.update({ signUp: "open" });
});
afterAll(() => services.dispose());

const upload = { filename: "a.png", contentType: "image/png" };
const newPassword = "another that nobody guesses";
const linkToken = { token: "fml_forged" };
const source = "convex";
const job = () => ({ name: missing });
const byUser = ({ userId }: Ids) => ({ userId });
const byFile = ({ storageId }: Ids) => ({ storageId });
const byKey = ({ key }: Ids) => ({ key });
const byInstrument = ({ instrumentId }: Ids) => ({ instrumentId });
const byRoom = ({ roomId }: Ids) => ({ roomId });

/** An input that would do what the procedure does. One without a line takes none. */
const inputs: Partial<Record<Path, (ids: Ids) => unknown>> = {
  "auth.createToken": () => ({ email: "maja@example.com", password: "not the password" }),
  "auth.revokeSession": ({ sessionId }) => ({ sessionId }),
  "auth.createUser": () => ({ email: "iben@example.com" }),
  "auth.invitation": () => linkToken,
  "auth.acceptInvitation": () => ({ ...linkToken, password: newPassword }),
  "auth.signUp": () => ({ email: "eve@example.com", password: newPassword }),
  "auth.changePassword": ({ password }) => ({ currentPassword: password, newPassword }),
  "auth.inviteAgain": byUser,
  "auth.createResetLink": byUser,
  "auth.setRole": ({ userId }) => ({ userId, role: "admin" }),
  "auth.setDisabled": ({ userId }) => ({ userId, disabled: true }),
  "auth.resetSecondFactor": byUser,
  "auth.belongings": byUser,
  "auth.removeUser": ({ userId }) => ({ userId, belongings: "delete" }),
  "auth.startSecondFactor": ({ password }) => ({ password }),
  "auth.confirmSecondFactor": () => ({ totp: "123456" }),
  "auth.renewRecoveryCodes": () => ({ totp: "123456" }),
  "auth.turnOffSecondFactor": () => ({ totp: "123456" }),
  "profile.setAvatar": byFile,
  "profile.setName": () => ({ name: "Eve" }),
  "settings.update": () => ({ signUp: "open" }),
  "files.abortUpload": byFile,
  "files.getUrl": byFile,
  "files.getMetadata": byFile,
  "files.list": ({ userId }) => ({ owner: userId }),
  "storage.list": ({ userId }) => ({ owner: userId }),
  "files.keep": ({ storageId }) => ({ storageId, owner: "invoice:1" }),
  "files.letGo": ({ storageId }) => ({ storageId, owner: "invoice:1" }),
  "files.delete": byFile,
  "imports.find": () => ({ source, sourceIds: ["1"] }),
  "imports.list": () => ({ source }),
  "imports.record": ({ storageId }) => ({ source, sourceId: "1", storageId }),
  "imports.forget": () => ({ source }),
  "storage.getUploadUrl": () => upload,
  "storage.completeUpload": byKey,
  "storage.createMultipartUpload": () => ({ ...upload, sizeBytes: 20_000_000 }),
  "storage.signParts": ({ key }) => ({ key, parts: [{ partNumber: 1 }] }),
  "storage.listParts": byKey,
  "storage.completeMultipartUpload": ({ key }) => ({
    key,
    parts: [{ partNumber: 1, etag: '"x"' }],
  }),
  "storage.abortUpload": byKey,
  "storage.getUrl": byKey,
  "storage.getMetadata": byKey,
  "storage.reprocess": byKey,
  "storage.setPoster": ({ key }) => ({ key, posterKey: null }),
  "storage.decideStrays": () => ({ decision: "keep" }),
  "storage.delete": byKey,
  "instruments.create": () => ({ name: "Mine" }),
  "instruments.update": ({ instrumentId }) => ({ instrumentId, name: "Mine" }),
  "instruments.get": byInstrument,
  "instruments.delete": byInstrument,
  "instruments.addMedia": ({ instrumentId, key }) => ({ instrumentId, keys: [key] }),
  "instruments.updateMedia": ({ instrumentId, itemId }) => ({ instrumentId, itemId, alt: "Mine" }),
  "instruments.removeMedia": ({ instrumentId, itemId }) => ({ instrumentId, itemId }),
  "instruments.reorderMedia": ({ instrumentId, itemId }) => ({ instrumentId, itemIds: [itemId] }),
  "instruments.attachFile": ({ instrumentId, storageId }) => ({
    instrumentId,
    storageId,
    title: "Mine",
  }),
  "instruments.detachFile": ({ instrumentId, attachmentId }) => ({ instrumentId, attachmentId }),
  "instruments.publish": ({ instrumentId }) => ({ instrumentId, published: true }),
  "instruments.getPublic": ({ slug }) => ({ slug }),
  "signaling.prepare": ({ roomId }) => ({
    roomId,
    lobbyKey: "a-key-of-the-lobby",
    inviteToken: "fmi_forged",
  }),
  "signaling.join": ({ roomId }) => ({ roomId, displayName: "Eve", inviteToken: "fmi_forged" }),
  "signaling.send": ({ roomId }) => ({ roomId, messages: [{ kind: "note", payload: null }] }),
  "signaling.messages": byRoom,
  "signaling.messagesOfMany": () => ({ rooms: [{ roomToken: "fmr_forged" }] }),
  "signaling.pull": byRoom,
  "signaling.leave": byRoom,
  "signaling.peers": byRoom,
  "signaling.turnConfig": byRoom,
  "signaling.kick": ({ roomId, peerId }) => ({ roomId, peerId }),
  "signaling.rotateInvite": byRoom,
  "signaling.closeRoom": byRoom,
  "crons.runs": job,
  "crons.run": () => ({ runId: missing }),
  "crons.trigger": job,
  "crons.pause": job,
  "crons.resume": job,
};

const createCaller = createCallerFactory(appRouter);
type Calls = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** The error's code, `null` for just that, or `answered`. Of a stream, what comes first; silence is an answer, too. */
async function answerTo(token: string, path: Path, ids: Ids): Promise<string> {
  const cut = new AbortController();
  const context = await requestContext(services, token);
  const caller = createCaller(context, { signal: cut.signal }) as unknown as Calls;
  const [feature = "", name = ""] = path.split(".");
  try {
    const answer = await caller[feature]?.[name]?.(inputs[path]?.(ids));
    if (!isStream(answer)) return answer === null ? "null" : "answered";
    const first = answer[Symbol.asyncIterator]().next();
    const silence = new Promise<null>((resolve) => setTimeout(resolve, 300, null));
    const event = (await Promise.race([first, silence]))?.value;
    first.catch(() => "cut below");
    return isTrackedEnvelope(event) ? "answered" : (event?.error?.appCode ?? "answered");
  } catch (error) {
    return toAppError(error).code;
  } finally {
    cut.abort();
  }
}

const isStream = (answer: unknown): answer is AsyncIterable<{ error?: { appCode: string } }> =>
  typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;

/** What somebody of that kind is answered who names Maja's; null for whoever is let in. */
function refusalOf({ foreign, ...access }: ProcedureAccess, who: Who): string | null {
  const reach = access[who];
  if (reach === "UNAUTHENTICATED") return reach;
  if (reach === "all") return null;
  if (foreign === null) return reach === "FORBIDDEN" ? reach : null;
  return foreign === "unchanged" ? "answered" : foreign;
}

const cases = lines.flatMap(([path, access]) => kinds.map((who) => ({ path, access, who })));

test("every procedure has its line, and nothing that is gone", () => {
  expect(Object.keys(procedureAccess).sort()).toEqual(
    Object.keys(appRouter._def.procedures).sort(),
  );
});

describe("what is Maja's", () => {
  let before: unknown;
  beforeAll(async () => {
    before = await rowsOf(maja);
  });

  test.each(cases)("$path refuses $who as its line says", async ({ path, access, who }) => {
    const refusal = refusalOf(access, who);
    // Who reaches everybody's would change it.
    const answer = await answerTo(strangers[who], path, refusal === null ? nothing : maja);
    if (refusal === null) expect(["UNAUTHENTICATED", "FORBIDDEN"]).not.toContain(answer);
    else expect(answer).toBe(refusal);
  });

  test("is as it was", async () => {
    expect(await rowsOf(maja)).toEqual(before);
  });
});

describe("what is the caller's own", () => {
  const own = cases.filter(
    (one): one is typeof one & { who: "member" | "guest" } =>
      (one.who === "member" || one.who === "guest") &&
      one.access.foreign !== null &&
      ["own", "published", "FORBIDDEN"].includes(one.access[one.who]) &&
      !(one.who === "guest" && one.access.guest === "published"),
  );

  test.each(own)("$path answers $who as its line says", async ({ path, access, who }) => {
    const mine = await createBelongings();
    const answer = await answerTo(mine.tokens[who], path, mine);
    if (access[who] === "FORBIDDEN") expect(answer).toBe("FORBIDDEN");
    else expect(["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "null"]).not.toContain(answer);
  });
});

async function rowsOf({ userId, instrumentId, roomId }: Belongings) {
  const { db } = services;
  return {
    user: await db.user.findUnique({ where: { id: userId } }),
    sessions: await db.session.findMany({ where: { userId } }),
    files: await db.file.findMany({ where: { uploaderId: userId }, orderBy: { id: "asc" } }),
    media: await db.media.findMany({ where: { userId }, orderBy: { id: "asc" } }),
    instrument: await db.instrument.findUnique({
      where: { id: instrumentId },
      include: { media: true, attachments: true },
    }),
    room: await db.room.findUnique({
      where: { id: roomId },
      include: { peers: true, messages: true },
    }),
  };
}

const document = new URL("../../../../docs/threat-model.md", import.meta.url);
const [start, end] = [
  "<!-- the matrix, printed by procedure-access.test.ts -->",
  "<!-- its end -->",
];

function matrix(): string {
  const cell = (value: string | null) => (value === null ? "" : value.replace(/^[A-Z_]+$/, "`$&`"));
  const rows = lines.map(([path, access]) =>
    [`\`${path}\``, ...kinds.map((who) => cell(access[who])), cell(access.foreign)].join(" | "),
  );
  const head = ["procedure", "nobody", "guest in a room", "member", "admin", "somebody else's"];
  return [head.join(" | "), head.map(() => "---").join(" | "), ...rows]
    .map((row) => `| ${row} |`)
    .join("\n");
}

test("docs/threat-model.md has the matrix; `vitest --update=all` writes it", async () => {
  const [before, rest] = readFileSync(document, "utf8").split(start);
  const [, after] = rest?.split(end) ?? [];
  const printed = `${before}${start}\n\n${matrix()}\n\n${end}${after}`;
  await expect(printed).toMatchFileSnapshot(fileURLToPath(document));
});

test("every file that docs/threat-model.md stands on is there", () => {
  const named = [
    ...readFileSync(document, "utf8").matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|tsx|mjs|md))`/g),
  ];
  expect(named.length).toBeGreaterThan(30);
  const root = new URL("../../../../", import.meta.url);
  expect(
    named.map(([, path = ""]) => path).filter((path) => !existsSync(new URL(path, root))),
  ).toEqual([]);
});
