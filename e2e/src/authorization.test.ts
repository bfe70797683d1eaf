import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { openStream } from "./setup/event-stream";
import { uploadFile } from "./setup/file-uploads";
import { grantMedia, uploadMedia } from "./setup/media-uploads";
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
  "profile.setName",
  "settings.get",
  "settings.update",
  "settings.public",
  "overview.summary",
  "files.generateUploadUrl",
  "files.list",
  "files.usage",
  "storage.getUploadUrl",
  "storage.createMultipartUpload",
  "storage.list",
  "storage.usage",
  "signaling.createRoom",
  "signaling.rooms",
  "signaling.turnUsage",
  "crons.list",
  "crons.runs",
  "crons.run",
  "crons.trigger",
  "crons.pause",
  "crons.resume",
];

const adminOnly = [
  ["auth.createUser", "mutate"],
  ["auth.users", "query"],
  ["settings.get", "query"],
  ["settings.update", "mutate"],
  ["signaling.turnUsage", "query"],
] as const;

/** Every procedure there is, as the generated reference lists them. */
const reference = readFileSync(new URL("../../docs/reference.md", import.meta.url), "utf8");
const procedures = [
  ...reference.matchAll(
    /^\| `([a-zA-Z]+\.[a-zA-Z]+)` \| (?:query|mutation|subscription) \| (.*)$/gm,
  ),
].map(([, path = "", row = ""]) => ({ path, row }));

test("every procedure is known here, and nothing that is gone", () => {
  expect(procedures.length).toBeGreaterThan(30);
  const known = [...Object.keys(attempts), ...withoutIds];
  expect(known.toSorted()).toEqual(procedures.map(({ path }) => path).toSorted());
});

test.each(procedures.filter(({ path }) => withoutIds.includes(path)))(
  "$path takes no id",
  ({ row }) => {
    const [input = ""] = row.split(/(?<!\\) \| /);
    expect(input).not.toMatch(/\b(storageId|key|roomId|peerId|to|sessionId|userId|uploadId)\??:/);
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
    const pending = await grantMedia(maja, { filename: "a.jpg", contentType: "image/jpeg" });
    ids = {
      storageId: await uploadFile(maja, png(), "image/png"),
      readyKey: (await uploadMedia(maja, randomBytes(10), { visibility: "private" })).key,
      pendingKey: pending.key,
      multipartKey: multipart.key,
      roomId: room.roomId,
      peerId: peer.peerId,
      sessionId: sessions.items[0].sessionId,
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
    const { data } = await maja.query("signaling.peers", { roomId });
    expect(data.peers).toMatchObject([{ peerId }]);
    const { data: rooms } = await maja.query("signaling.rooms");
    expect(rooms.items).toMatchObject([{ roomId, closedAt: null, lastMessageAt: null }]);
  });

  test.each([
    ["files.list", "storageId"],
    ["storage.list", "key"],
    ["signaling.rooms", "roomId"],
    ["auth.sessions", "sessionId"],
  ] as const)("%s shows nobody else's", async (path, field) => {
    const { data } = await intruder.query(path, { limit: 100 });
    const found = data.items.map((item: Record<string, string>) => item[field]);
    expect(found).not.toContain(field === "key" ? ids.readyKey : ids[field]);
  });

  test.each(adminOnly)("%s is for admins", async (path, kind) => {
    const { status, error } = await intruder[kind](path, {});
    expect([status, error?.data.appCode]).toEqual([403, "FORBIDDEN"]);
  });
});
