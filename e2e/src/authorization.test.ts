import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { openStream } from "./setup/event-stream";
import { uploadFile } from "./setup/file-uploads";
import { grantMedia, uploadMedia } from "./setup/media-uploads";
import { inputFieldsOf, procedures } from "./setup/reference";
import { createRoom, joinRoom } from "./setup/rooms";
import { newMember, type Rpc, type RpcAnswer, signInAdmin } from "./setup/rpc";
import { png } from "./setup/samples";
import { type Target, targets } from "./setup/targets";

/** What belongs to one user, and what another one tries to reach by its id. */
interface Belongings {
  storageId: string;
  readyKey: string;
  pendingKey: string;
  multipartKey: string;
  roomId: string;
  peerId: string;
  sessionId: string;
  instrumentId: string;
  itemId: string;
  attachmentId: string;
  /** Ready media and a ready file of the intruder's own: what could be put on somebody else's instrument. */
  ownKey: string;
  ownStorageId: string;
  /** A room of the intruder's own: a place from where to name somebody else's peer. */
  ownRoomId: string;
  ownRoomToken: string;
}

type Attempt = (
  intruder: Rpc,
  ids: Belongings,
  target: Target,
) => Promise<RpcAnswer[]> | RpcAnswer[];

const all = (...calls: Promise<RpcAnswer>[]) => Promise.all(calls);
const keysOf = (ids: Belongings) => [ids.readyKey, ids.pendingKey, ids.multipartKey];
const message = { kind: "offer", payload: {} };
const part = { partNumber: 1, etag: '"x"' };

/** Ids that somebody else owns are not found, or the answer is null. */
const attempts: Record<string, Attempt> = {
  "auth.revokeSession": (rpc, { sessionId }) =>
    all(rpc.mutate("auth.revokeSession", { sessionId })),
  "profile.setAvatar": (rpc, { storageId }) => all(rpc.mutate("profile.setAvatar", { storageId })),
  "files.getUrl": (rpc, { storageId }) => all(rpc.query("files.getUrl", { storageId })),
  "files.getMetadata": (rpc, { storageId }) => all(rpc.query("files.getMetadata", { storageId })),
  "files.delete": (rpc, { storageId }) => all(rpc.mutate("files.delete", { storageId })),
  // It may be repeated, so it says the same of what is gone, of what never was, and of somebody else's.
  "files.abortUpload": async (rpc, { storageId }) => {
    const abort = (id: string) => rpc.mutate("files.abortUpload", { storageId: id });
    expect((await abort(storageId)).data).toEqual((await abort("made-up")).data);
    return [];
  },
  "files.keep": (rpc, { storageId }) =>
    all(rpc.mutate("files.keep", { storageId, owner: "invoice:1" })),
  "files.letGo": (rpc, { storageId }) =>
    all(rpc.mutate("files.letGo", { storageId, owner: "invoice:1" })),
  "imports.record": (rpc, { storageId, readyKey }) =>
    all(
      rpc.mutate("imports.record", { source: "s", sourceId: "1", storageId }),
      rpc.mutate("imports.record", { source: "s", sourceId: "1", mediaKey: readyKey }),
    ),
  "storage.completeUpload": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.mutate("storage.completeUpload", { key }))),
  "storage.signParts": (rpc, ids) =>
    all(
      ...keysOf(ids).map((key) =>
        rpc.mutate("storage.signParts", { key, parts: [{ partNumber: 1 }] }),
      ),
    ),
  "storage.listParts": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.query("storage.listParts", { key }))),
  "storage.completeMultipartUpload": (rpc, ids) =>
    all(
      ...keysOf(ids).map((key) =>
        rpc.mutate("storage.completeMultipartUpload", { key, parts: [part] }),
      ),
    ),
  "storage.abortUpload": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.mutate("storage.abortUpload", { key }))),
  "storage.getUrl": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.query("storage.getUrl", { key }))),
  "storage.getMetadata": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.query("storage.getMetadata", { key }))),
  "storage.delete": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.mutate("storage.delete", { key }))),
  "storage.reprocess": (rpc, ids) =>
    all(...keysOf(ids).map((key) => rpc.mutate("storage.reprocess", { key }))),
  "storage.setPoster": (rpc, ids) =>
    all(
      ...keysOf(ids).map((key) => rpc.mutate("storage.setPoster", { key, posterKey: ids.ownKey })),
    ),
  "instruments.get": (rpc, { instrumentId }) => all(rpc.query("instruments.get", { instrumentId })),
  "instruments.update": (rpc, { instrumentId }) =>
    all(rpc.mutate("instruments.update", { instrumentId, name: "Mine" })),
  "instruments.delete": (rpc, { instrumentId }) =>
    all(rpc.mutate("instruments.delete", { instrumentId })),
  "instruments.addMedia": (rpc, { instrumentId, ownKey }) =>
    all(rpc.mutate("instruments.addMedia", { instrumentId, keys: [ownKey] })),
  "instruments.updateMedia": (rpc, { instrumentId, itemId }) =>
    all(rpc.mutate("instruments.updateMedia", { instrumentId, itemId, alt: "x", cover: true })),
  "instruments.removeMedia": (rpc, { instrumentId, itemId }) =>
    all(rpc.mutate("instruments.removeMedia", { instrumentId, itemId })),
  "instruments.reorderMedia": (rpc, { instrumentId, itemId }) =>
    all(rpc.mutate("instruments.reorderMedia", { instrumentId, itemIds: [itemId] })),
  "instruments.attachFile": (rpc, { instrumentId, ownStorageId }) =>
    all(
      rpc.mutate("instruments.attachFile", {
        instrumentId,
        storageId: ownStorageId,
        title: "Mine",
      }),
    ),
  "instruments.detachFile": (rpc, { instrumentId, attachmentId }) =>
    all(rpc.mutate("instruments.detachFile", { instrumentId, attachmentId })),
  "instruments.publish": (rpc, { instrumentId }) =>
    all(rpc.mutate("instruments.publish", { instrumentId, published: true })),
  "signaling.prepare": (rpc, { roomId }) => {
    const lobbyKey = "a-key-of-the-lobby";
    return all(
      rpc.mutate("signaling.prepare", { roomId, lobbyKey }),
      rpc.mutate("signaling.prepare", { roomId, lobbyKey, inviteToken: "made-up" }),
    );
  },
  "signaling.join": (rpc, { roomId }) =>
    all(
      rpc.mutate("signaling.join", { roomId, displayName: "Eve" }),
      rpc.mutate("signaling.join", { roomId, displayName: "Eve", resumeToken: "made-up" }),
    ),
  "signaling.send": (rpc, { roomId, peerId }) =>
    all(
      rpc.mutate("signaling.send", { roomId, messages: [message] }),
      rpc.mutate("signaling.send", { roomId, to: peerId, messages: [message] }),
    ),
  "signaling.messages": async ({ token }, { roomId, ownRoomToken }, target) => {
    const answers: RpcAnswer[] = [];
    for (const bearer of [token, ownRoomToken]) {
      const stream = await openStream(target, "signaling.messages", { roomId }, bearer);
      await expect.poll(() => stream.end, { timeout: 5_000 }).toBe("NOT_FOUND");
      answers.push({ status: 404, data: stream.events[0], error: undefined });
    }
    return answers.filter(({ data }) => data !== undefined);
  },
  "signaling.pull": (rpc, { roomId }) => all(rpc.query("signaling.pull", { roomId })),
  "signaling.peers": (rpc, { roomId }) => all(rpc.query("signaling.peers", { roomId })),
  "signaling.leave": (rpc, { roomId }) => all(rpc.mutate("signaling.leave", { roomId })),
  "signaling.turnConfig": (rpc, { roomId }) => all(rpc.query("signaling.turnConfig", { roomId })),
  "signaling.kick": (rpc, { roomId, ownRoomId, peerId }) =>
    all(
      rpc.mutate("signaling.kick", { roomId, peerId }),
      rpc.mutate("signaling.kick", { roomId: ownRoomId, peerId }),
    ),
  "signaling.rotateInvite": (rpc, { roomId }) =>
    all(rpc.mutate("signaling.rotateInvite", { roomId })),
  "signaling.closeRoom": (rpc, { roomId }) => all(rpc.mutate("signaling.closeRoom", { roomId })),
};

/** Procedures that take nobody's id: a page, one's own account, or a name that is the same for all. */
const withoutIds = [
  "auth.createToken",
  "auth.me",
  "auth.sessions",
  "auth.createUser",
  "auth.users",
  "auth.invitation",
  "auth.acceptInvitation",
  "auth.signUp",
  "auth.changePassword",
  "auth.secondFactor",
  "auth.startSecondFactor",
  "auth.confirmSecondFactor",
  "auth.renewRecoveryCodes",
  "auth.turnOffSecondFactor",
  "profile.setName",
  "settings.get",
  "settings.update",
  "settings.public",
  "overview.summary",
  "operations.health",
  "files.generateUploadUrl",
  "files.list",
  "files.deletions",
  "files.usage",
  "files.uploadRules",
  "imports.find",
  "imports.list",
  "imports.forget",
  "storage.getUploadUrl",
  "storage.createMultipartUpload",
  "storage.list",
  "storage.listUnfinished",
  "storage.usage",
  "storage.breakdown",
  "storage.findings",
  "storage.strays",
  "storage.recover",
  "storage.decideStrays",
  "storage.adopt",
  "instruments.create",
  "instruments.list",
  "instruments.getPublic",
  "storage.export",
  "storage.reindex",
  "signaling.messagesOfMany",
  "signaling.createRoom",
  "signaling.rooms",
  "signaling.activity",
  "signaling.turnUsage",
  "crons.engine",
  "crons.week",
  "crons.list",
  "crons.runs",
  "crons.run",
  "crons.trigger",
  "crons.pause",
  "crons.resume",
  "crons.queue",
  "crons.queuedJob",
  "crons.cancel",
];

/** Takes a user's id, whoever's it is, from admins alone: `adminOnly` tries each. */
const ofAnyUser = [
  "auth.inviteAgain",
  "auth.createResetLink",
  "auth.setRole",
  "auth.setDisabled",
  "auth.resetSecondFactor",
  "auth.belongings",
  "auth.removeUser",
  "audit.list",
];

const adminOnly = [
  ["storage.findings", "query"],
  ["storage.strays", "query"],
  ["storage.recover", "mutate"],
  ["storage.decideStrays", "mutate"],
  ["storage.adopt", "mutate"],
  ["auth.createUser", "mutate"],
  ["auth.users", "query"],
  ["auth.inviteAgain", "mutate"],
  ["auth.createResetLink", "mutate"],
  ["auth.setRole", "mutate"],
  ["auth.setDisabled", "mutate"],
  ["auth.resetSecondFactor", "mutate"],
  ["auth.belongings", "query"],
  ["auth.removeUser", "mutate"],
  ["audit.list", "query"],
  ["settings.get", "query"],
  ["settings.update", "mutate"],
  ["signaling.turnUsage", "query"],
  ["storage.export", "query"],
  ["storage.reindex", "mutate"],
] as const;

test("every procedure is known here, and nothing that is gone", () => {
  expect(procedures.length).toBeGreaterThan(30);
  const known = [...Object.keys(attempts), ...withoutIds, ...ofAnyUser];
  expect(known.toSorted()).toEqual(procedures.map(({ path }) => path).toSorted());
});

test.each(procedures.filter(({ path }) => withoutIds.includes(path)))(
  "$path takes no id",
  ({ path }) => {
    for (const field of inputFieldsOf(path)) {
      expect(field).not.toMatch(/^(storageId|key|roomId|peerId|to|sessionId|userId|uploadId)$/);
    }
  },
);

describe.each(targets)("somebody else's ids on $name", (target) => {
  let maja: Rpc;
  let intruder: Rpc;
  let ids: Belongings;

  beforeAll(async () => {
    const admin = await signInAdmin(target);
    [maja, intruder] = await Promise.all([newMember(target, admin), newMember(target, admin)]);
    const [room, ownRoom] = [await createRoom(maja), await createRoom(intruder)];
    const peer = await joinRoom(target, room, "Maja", { rpc: maja });
    const ownPeer = await joinRoom(target, ownRoom, "Eve", { rpc: intruder });
    const { data: sessions } = await maja.query("auth.sessions");
    const { data: multipart } = await maja.mutate("storage.createMultipartUpload", {
      filename: "a.mp4",
      contentType: "video/mp4",
      sizeBytes: 20_000_000,
    });
    const photo = { filename: "a.png", contentType: "image/png" };
    const shown = await uploadMedia(maja, png(), photo);
    const { data: made } = await maja.mutate("instruments.create", { name: "Maja's own" });
    const { instrumentId } = made;
    await maja.mutate("instruments.addMedia", { instrumentId, keys: [shown.key] });
    const report = await uploadFile(maja, png(), "image/png");
    const { data: instrument } = await maja.mutate("instruments.attachFile", {
      instrumentId,
      storageId: report,
      title: "Report",
    });
    const pending = await grantMedia(maja, { filename: "a.jpg", contentType: "image/jpeg" });
    ids = {
      storageId: await uploadFile(maja, png(), "image/png"),
      readyKey: (await uploadMedia(maja, randomBytes(10), { visibility: "private" })).key,
      pendingKey: pending.key,
      multipartKey: multipart.key,
      roomId: room.roomId,
      peerId: peer.peerId,
      sessionId: sessions.items[0].sessionId,
      instrumentId,
      itemId: instrument.media[0].itemId,
      attachmentId: instrument.attachments[0].attachmentId,
      ownKey: (await uploadMedia(intruder, png(), photo)).key,
      ownStorageId: await uploadFile(intruder, png(), "image/png"),
      ownRoomId: ownRoom.roomId,
      ownRoomToken: ownPeer.roomToken,
    };
  });

  test.each(Object.entries(attempts))("%s finds nothing", async (_, attempt) => {
    for (const { status, data, error } of await attempt(intruder, ids, target)) {
      if (error) expect([status, error.data.appCode]).toEqual([404, "NOT_FOUND"]);
      else expect(data).toBeNull();
    }
  });

  test("and nothing of it was touched", async () => {
    const { storageId, readyKey, pendingKey, multipartKey, roomId, peerId } = ids;
    expect((await maja.query("auth.me")).data.user).toBeDefined();
    const { data: url } = await maja.query("files.getUrl", { storageId });
    expect((await fetch(url)).status).toBe(200);
    const { data: mediaUrl } = await maja.query("storage.getUrl", { key: readyKey });
    expect((await fetch(mediaUrl)).status).toBe(200);
    for (const key of [pendingKey, multipartKey]) {
      const { data } = await maja.query("storage.getMetadata", { key });
      expect(data.status).toBe("pending");
    }
    const { data: instrument } = await maja.query("instruments.get", {
      instrumentId: ids.instrumentId,
    });
    expect(instrument).toMatchObject({
      name: "Maja's own",
      publishedAt: null,
      media: [{ itemId: ids.itemId, alt: "" }],
      attachments: [{ attachmentId: ids.attachmentId }],
    });
    const { data } = await maja.query("signaling.peers", { roomId });
    expect(data.peers).toMatchObject([{ peerId }]);
    const { data: rooms } = await maja.query("signaling.rooms");
    expect(rooms.items).toMatchObject([{ roomId, closedAt: null, lastMessageAt: null }]);
  });

  test.each([
    ["files.list", "storageId"],
    ["storage.list", "key"],
    ["storage.listUnfinished", "key"],
    ["instruments.list", "instrumentId"],
    ["signaling.rooms", "roomId"],
    ["auth.sessions", "sessionId"],
  ] as const)("%s shows nobody else's", async (path, field) => {
    const { data } = await intruder.query(path, { limit: 100 });
    const found = data.items.map((item: Record<string, string>) => item[field]);
    for (const id of field === "key" ? keysOf(ids) : [ids[field]]) expect(found).not.toContain(id);
  });

  test.each(adminOnly)("%s is for admins", async (path, kind) => {
    const { status, error } = await intruder[kind](path, {});
    expect([status, error?.data.appCode]).toEqual([403, "FORBIDDEN"]);
  });
});
