import { codeOf, openRoom } from "@fermata/server/testing/rooms";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callerFor, createTestUser, openFileLab } from "../testing/studio-lab";

type Lab = Awaited<ReturnType<typeof openFileLab>>;
let lab: Lab;
let admin: { id: string; email: string };
beforeAll(async () => {
  lab = await openFileLab();
  admin = await createTestUser(lab.services, "admin");
  await lab.services.db.user.update({ where: { id: admin.id }, data: { passwordHash: "held" } });
});
afterAll(() => lab.close());

const asAdmin = () => callerFor(lab.services, admin);
const anybody = () => callerFor(lab.services, null);
const password = "the right one 1";

async function newMember() {
  const email = `member-${Math.random().toString(36).slice(2)}@example.com`;
  const { userId } = await (await asAdmin()).auth.createUser({ email, password });
  return { id: userId, email };
}

async function canEnter(email: string, with_ = password) {
  return codeOf((await anybody()).auth.createToken({ email, password: with_ }));
}

const tokenOf = (url: string) => new URL(url).searchParams.get("token") ?? "";

test("somebody is invited again, and the first link is void", async () => {
  const email = "invited@example.com";
  const { userId, inviteUrl = "" } = await (await asAdmin()).auth.createUser({ email });
  const again = await (await asAdmin()).auth.inviteAgain({ userId });
  const accept = async (url: string) =>
    codeOf((await anybody()).auth.acceptInvitation({ token: tokenOf(url), password }));
  expect(await accept(inviteUrl)).toBe("NOT_FOUND");
  expect(await accept(again.inviteUrl)).toBe("no failure");
  expect(await canEnter(email)).toBe("no failure");
  expect(await codeOf((await asAdmin()).auth.inviteAgain({ userId }))).toBe("CONFLICT");
});

test("a lost password is set anew by a link that works once, within the hour, and ends what the old one began", async () => {
  const member = await newMember();
  const before = await callerFor(lab.services, member);
  const room = await openRoom(lab.services);
  const { roomToken } = await before.signaling.join({ ...room, displayName: "Maja" });
  const { resetUrl } = await (await asAdmin()).auth.createResetLink({ userId: member.id });
  expect(await canEnter(member.email)).toBe("no failure");

  const token = tokenOf(resetUrl);
  expect(await (await anybody()).auth.invitation({ token })).toMatchObject({
    email: member.email,
    purpose: "reset",
  });
  const common = (await anybody()).auth.acceptInvitation({ token, password: "password1" });
  expect(await codeOf(common)).toBe("INVALID_INPUT");
  await (await anybody()).auth.acceptInvitation({ token, password: "another right one" });
  const twice = (await anybody()).auth.acceptInvitation({ token, password: "a third right one" });
  expect(await codeOf(twice)).toBe("NOT_FOUND");
  expect(await canEnter(member.email)).toBe("UNAUTHENTICATED");
  expect(await canEnter(member.email, "another right one")).toBe("no failure");
  expect(await lab.services.db.session.count({ where: { userId: member.id } })).toBe(1);
  const seat = await callerFor(lab.services, roomToken);
  expect(await codeOf(seat.signaling.peers(room))).toBe("UNAUTHENTICATED");

  const late = await (await asAdmin()).auth.createResetLink({ userId: member.id });
  lab.services.clock.advance(3601);
  const over = (await anybody()).auth.invitation({ token: tokenOf(late.resetUrl) });
  expect(await codeOf(over)).toBe("NOT_FOUND");
});

test("a disabled account is out at once, and back when it is enabled", async () => {
  const member = await newMember();
  const caller = await callerFor(lab.services, member);
  const { items } = await caller.auth.sessions({ limit: 1 });
  expect(items).toHaveLength(1);
  const room = await openRoom(lab.services);
  const { roomToken } = await caller.signaling.join({ ...room, displayName: "Maja" });
  await (await asAdmin()).auth.setDisabled({ userId: member.id, disabled: true });
  expect(await lab.services.db.session.count({ where: { userId: member.id } })).toBe(0);
  const seat = await callerFor(lab.services, roomToken);
  expect(await codeOf(seat.signaling.peers(room))).toBe("UNAUTHENTICATED");
  expect(await canEnter(member.email)).toBe("FORBIDDEN");
  // Who has not the password learns nothing of it.
  expect(await canEnter(member.email, "a guess")).toBe("UNAUTHENTICATED");
  await (await asAdmin()).auth.setDisabled({ userId: member.id, disabled: false });
  expect(await canEnter(member.email)).toBe("no failure");
});

describe("the last admin", () => {
  test("is neither demoted, disabled nor removed", async () => {
    const caller = await asAdmin();
    const userId = admin.id;
    expect(await codeOf(caller.auth.setRole({ userId, role: "member" }))).toBe("CONFLICT");
    expect(await codeOf(caller.auth.setDisabled({ userId, disabled: true }))).toBe("CONFLICT");
    const removal = caller.auth.removeUser({ userId, belongings: "delete" });
    expect(await codeOf(removal)).toBe("CONFLICT");
    // One who is only invited could not undo it.
    await caller.auth.createUser({ email: "invited-admin@example.com", role: "admin" });
    expect(await codeOf(caller.auth.setRole({ userId, role: "member" }))).toBe("CONFLICT");
  });

  test("stays also when two take each other's role at once", async () => {
    const member = await newMember();
    await (await asAdmin()).auth.setRole({ userId: member.id, role: "admin" });
    const [one, other] = [await asAdmin(), await callerFor(lab.services, member)];
    const codes = await Promise.all([
      codeOf(one.auth.setRole({ userId: member.id, role: "member" })),
      codeOf(other.auth.setRole({ userId: admin.id, role: "member" })),
    ]);
    expect(codes.toSorted()).toEqual(["CONFLICT", "no failure"]);
    await lab.services.db.user.update({ where: { id: admin.id }, data: { role: "admin" } });
    await lab.services.db.user.update({ where: { id: member.id }, data: { role: "member" } });
  });
});

describe("somebody who is removed", () => {
  async function withBelongings() {
    const member = await newMember();
    const caller = await callerFor(lab.services, member);
    const [avatar, plain, attached] = [
      await lab.upload(undefined, undefined, caller),
      await lab.upload(undefined, undefined, caller),
      await lab.upload(undefined, undefined, caller),
    ];
    await caller.profile.setAvatar({ storageId: avatar });
    const { instrumentId } = await caller.instruments.create({ name: "Aurelius" });
    await caller.instruments.attachFile({ instrumentId, storageId: attached, title: "Report" });
    const room = await caller.signaling.createRoom({});
    return { ...member, caller, avatar, plain, attached, instrumentId, room };
  }

  test("leaves what is counted first, and then nothing but a line in the audit log", async () => {
    const { id, email, caller, room } = await withBelongings();
    const admins = await asAdmin();
    expect(await admins.auth.belongings({ userId: id })).toMatchObject({
      files: { count: 3 },
      instruments: { count: 1, published: 0 },
      openRooms: 1,
    });
    const guest = await (await anybody()).signaling.join({ ...room, displayName: "Ida" });
    await admins.auth.removeUser({ userId: id, belongings: "delete" });
    const { db } = lab.services;
    expect(await db.user.count({ where: { id } })).toBe(0);
    expect(await db.file.count({ where: { uploaderId: id } })).toBe(0);
    expect(await db.instrument.count({ where: { ownerId: id } })).toBe(0);
    expect(await db.deletion.count({ where: { userId: id } })).toBe(3);
    const seat = await callerFor(lab.services, guest.roomToken);
    expect(await codeOf(seat.signaling.peers(room))).not.toBe("no failure");
    expect(caller).toBeDefined();
    const { items } = await admins.audit.list({ kinds: ["user.removed"], limit: 1 });
    expect(items).toMatchObject([
      { kind: "user.removed", actor: { email: admin.email }, subject: { id, email } },
    ]);
    expect(await codeOf(admins.auth.removeUser({ userId: id, belongings: "delete" }))).toBe(
      "NOT_FOUND",
    );
  });

  test("leaves everything to an heir, who is counted for it", async () => {
    const { id, plain, attached, instrumentId, room, avatar } = await withBelongings();
    const heir = await newMember();
    const admins = await asAdmin();
    const itself = admins.auth.removeUser({ userId: id, belongings: { handOverTo: id } });
    expect(await codeOf(itself)).toBe("INVALID_INPUT");
    await admins.auth.removeUser({ userId: id, belongings: { handOverTo: heir.id } });
    const caller = await callerFor(lab.services, heir);
    const { items } = await caller.files.list({ limit: 10 });
    expect(items.map(({ storageId }) => storageId).toSorted()).toEqual(
      [plain, attached].toSorted(),
    );
    expect((await caller.files.usage()).usedBytes).toBe(
      items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    const instrument = await caller.instruments.get({ instrumentId });
    expect(instrument.attachments).toHaveLength(1);
    expect((await caller.signaling.rooms()).items).toMatchObject([{ roomId: room.roomId }]);
    expect(await lab.services.db.file.count({ where: { id: avatar } })).toBe(0);
    expect(await lab.services.db.usage.count({ where: { userId: id } })).toBe(0);
  });
});

test("what concerns security is listed for admins, by kind and by person", async () => {
  const member = await newMember();
  await canEnter(member.email, "a guess");
  await canEnter(member.email, "a guess");
  await canEnter(member.email);
  const admins = await asAdmin();
  const { items } = await admins.audit.list({ userId: member.id, limit: 10 });
  expect(items.map(({ kind, count }) => [kind, count])).toEqual([
    ["signIn.succeeded", 1],
    ["signIn.failed", 2],
    ["user.created", 1],
  ]);
  const page = await admins.audit.list({ limit: 2 });
  expect(page.items).toHaveLength(2);
  const next = await admins.audit.list({ limit: 2, cursor: page.nextCursor });
  expect(next.items[0]?.eventId).not.toBe(page.items[0]?.eventId);
  const own = await callerFor(lab.services, member);
  expect(await codeOf(own.audit.list())).toBe("FORBIDDEN");
});
