import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDir } from "../setup/data-dir";
import { grantFile, postFile, uploadFile } from "../setup/file-uploads";
import { grantMedia, putBytes, uploadMedia } from "../setup/media-uploads";
import { createRoom, followRoom, joinRoom, sendMessages } from "../setup/rooms";
import { rpcFor, signInAdmin } from "../setup/rpc";
import { pdf, png } from "../setup/samples";
import { type RunningServer, startNextHosting, startSelfHosted } from "../setup/start-server";

let dir: string;
beforeAll(async () => {
  dir = await makeDataDir();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const hostings = {
  "self-hosted": (env: Record<string, string>) =>
    startSelfHosted(join(dir, "self"), undefined, env),
  next: (env: Record<string, string>) => startNextHosting(join(dir, "next"), env),
};

describe.each(["self-hosted", "next"] as const)(
  "what %s writes down at its most talkative",
  (name) => {
    let server: RunningServer;
    let said = "";

    beforeAll(async () => {
      server = await hostings[name]({ LOG_LEVEL: "debug" });
      const { stdout, stderr } = server.process;
      for (const stream of [stdout, stderr]) {
        stream?.on("data", (chunk) => {
          said += chunk;
        });
      }
    });
    afterAll(() => server?.stop());

    test("names no token, signature, password or code, of what is done or of what fails", async () => {
      const { target } = server;
      const { baseUrl } = target;
      const nobody = rpcFor(baseUrl);
      const secrets = new Map<string, string>();
      const keep = (what: string, secret: unknown) => {
        expect([what, String(secret ?? "").length > 5]).toEqual([what, true]);
        secrets.set(what, String(secret));
      };
      /** The part of a URL that is the right to it. */
      const keepUrl = (what: string, url: string) => {
        const { pathname, searchParams } = new URL(url, baseUrl);
        const signature = searchParams.get("signature") ?? searchParams.get("s");
        keep(what, signature ?? searchParams.get("token") ?? pathname.split("/").at(-1));
      };
      const askAgain = (url: string) => fetch(new URL(url, baseUrl), { method: "DELETE" });

      const admin = await signInAdmin(target);
      keep("session", admin.token);
      keep("password", target.adminPassword);
      const guessed = "a password that somebody tries";
      await nobody.mutate("auth.createToken", { email: target.adminEmail, password: guessed });
      keep("guess", guessed);
      await rpcFor(baseUrl, "fms_a-token-that-is-nobodys").query("auth.sessions");
      keep("forged", "a-token-that-is-nobodys");

      const grant = await grantFile(admin);
      keepUrl("upload URL", grant.url);
      await postFile(grant.url, png(), { "content-type": "application/pdf" });
      await postFile(grant.url, pdf(), { "content-type": "application/pdf" });
      await postFile(grant.url, pdf(), { "content-type": "application/pdf" });
      await askAgain(grant.url);
      const storageId = await uploadFile(admin, pdf(), "application/pdf");
      const { data: fileUrl } = await admin.query("files.getUrl", { storageId });
      keepUrl("file URL", fileUrl);
      await fetch(new URL(fileUrl, baseUrl));
      await fetch(new URL(`${fileUrl}x`, baseUrl));
      await askAgain(fileUrl);

      const terms = { filename: "a.bin", contentType: "application/octet-stream", sizeBytes: 3 };
      const media = await grantMedia(admin, terms);
      keepUrl("media grant", media.uploadUrl);
      await putBytes({ url: media.uploadUrl, headers: {} }, Buffer.from("four"));
      await askAgain(media.uploadUrl);
      const { key } = await uploadMedia(admin, Buffer.from("abc"), { visibility: "private" });
      const { data: mediaUrl } = await admin.query("storage.getUrl", { key });
      keepUrl("media URL", mediaUrl);
      await fetch(new URL(`${mediaUrl}x`, baseUrl));

      const room = await createRoom(admin);
      keep("invite", room.inviteToken);
      const guest = await joinRoom(target, room, "Ada");
      keep("room token", guest.roomToken);
      keep("resume token", guest.resumeToken);
      await sendMessages(guest, room.roomId, [{ kind: "x", payload: "y" }]);
      const stream = await followRoom(target, guest, room.roomId);
      stream.close();
      await guest.rpc.mutate("signaling.leave", {});
      await guest.rpc.query("signaling.pull", { roomId: room.roomId, after: "x" });

      const email = "ines@example.com";
      const { data: invited } = await admin.mutate("auth.createUser", { email });
      keepUrl("invitation", invited.inviteUrl);
      const token = new URL(invited.inviteUrl).searchParams.get("token");
      await fetch(invited.inviteUrl.replace(new URL(invited.inviteUrl).origin, baseUrl));
      await nobody.query("auth.invitation", { token });
      await nobody.query("auth.invitation", { token: `${token}x` });
      const { data: factor } = await admin.mutate("auth.startSecondFactor", {
        password: target.adminPassword,
      });
      keep("second factor", factor.secret);
      await admin.mutate("auth.confirmSecondFactor", { totp: "314159" });
      keep("code", "314159");
      // A credential where none belongs: in the address of a page and of an API call.
      await fetch(new URL(`/sign-in?token=${admin.token}`, baseUrl));
      await fetch(new URL(`/api/trpc/auth.me?token=${admin.token}`, baseUrl));

      await expect.poll(() => said.split("\n").length).toBeGreaterThan(5);
      const written = [...secrets]
        .filter(([, secret]) => said.includes(secret))
        .map(([what]) => what);
      expect(written).toEqual([]);
    });
  },
);
