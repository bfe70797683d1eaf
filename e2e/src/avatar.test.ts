import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { uploadFile } from "./setup/file-uploads";
import { newMember, type Rpc, signInAdmin } from "./setup/rpc";
import { jpeg, png } from "./setup/samples";
import { targets } from "./setup/targets";

describe.each(targets)("an avatar on $name", (target) => {
  let admin: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
  });

  const meOf = async (rpc: Rpc) => (await rpc.query("auth.me")).data.user;
  const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
  const attachment = async (rpc: Rpc, storageId: string) =>
    (await rpc.query("files.getMetadata", { storageId })).data.attachedTo;

  test("is a file that its owner points to, and that anybody with its URL can load", async () => {
    const member = await newMember(target, admin);
    expect((await meOf(member)).avatarUrl).toBeNull();
    const [first, second] = [png([1, 1, 1]), jpeg()];
    const before = await uploadFile(member, first, "image/png");
    const { data } = await member.mutate("profile.setAvatar", { storageId: before });
    expect((await bytesAt(data.avatarUrl)).equals(first)).toBe(true);
    const me = await meOf(member);
    expect((await bytesAt(me.avatarUrl)).equals(first)).toBe(true);
    expect(await attachment(member, before)).toMatchObject({ id: me.id });

    const after = await uploadFile(member, second, "image/jpeg");
    await member.mutate("profile.setAvatar", { storageId: after });
    expect((await bytesAt((await meOf(member)).avatarUrl)).equals(second)).toBe(true);
    expect(await attachment(member, before)).toBeUndefined();
    expect(await attachment(member, after)).toMatchObject({ id: me.id });

    const none = await member.mutate("profile.setAvatar", { storageId: null });
    expect(none.data).toEqual({ avatarUrl: null });
    expect((await meOf(member)).avatarUrl).toBeNull();
    expect(await attachment(member, after)).toBeUndefined();
  });

  test("is never somebody else's file, nor a file that is not there", async () => {
    const member = await newMember(target, admin);
    const foreign = await uploadFile(await newMember(target, admin), png(), "image/png");
    for (const storageId of [foreign, randomUUID()]) {
      const refused = await member.mutate("profile.setAvatar", { storageId });
      expect([refused.status, refused.error?.data.appCode]).toEqual([404, "NOT_FOUND"]);
    }
    expect((await meOf(member)).avatarUrl).toBeNull();
  });

  test("is gone from its owner when the file is deleted", async () => {
    const member = await newMember(target, admin);
    const storageId = await uploadFile(member, png(), "image/png");
    await member.mutate("profile.setAvatar", { storageId });
    const { avatarUrl } = await meOf(member);
    expect((await member.mutate("files.delete", { storageId })).data).toEqual({ deleted: true });
    expect((await meOf(member)).avatarUrl).toBeNull();
    await expect
      .poll(async () => (await fetch(avatarUrl)).status, { timeout: 1_000, interval: 50 })
      .toBe(404);
  });
});
