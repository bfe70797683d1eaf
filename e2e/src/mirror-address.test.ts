import { rm } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { compileAhead, largeScripts } from "./setup/large-scripts";
import { type Rpc, signInAdmin } from "./setup/rpc";
import { type RunningServer, startSelfHosted } from "./setup/start-server";
import { targets } from "./setup/targets";

const startsServers = targets.some(({ name }) => name === "self-hosted");

describe.runIf(startsServers)("Piano Mirror beside a server that was started", () => {
  let dataDir: string;
  let server: RunningServer;
  let owner: Rpc;
  let mirrorUrl: string;

  beforeAll(async () => {
    dataDir = await makeDataDir();
    server = await startSelfHosted(join(dataDir, "data"), await freePort(), {});
    owner = await signInAdmin(server.target);
    mirrorUrl = (await owner.query("settings.public")).data.mirrorUrl;
  });
  afterAll(async () => {
    await server?.stop();
    if (dataDir) await rm(dataDir, { recursive: true, force: true });
  });

  test("has its scripts compiled while they arrive", async () => {
    const scripts = await largeScripts(mirrorUrl);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(script.startsWith(compileAhead)).toBe(true);
  });

  test("has an origin of its own, which is a page and not the API", async () => {
    expect(new URL(mirrorUrl).origin).not.toBe(new URL(server.target.baseUrl).origin);
    for (const path of ["/api/health", "/api/trpc/auth.me", "/../package.json", "/%2e%2e/x"]) {
      expect((await fetch(new URL(mirrorUrl).origin + path)).status, path).toBe(404);
    }
    const page = await fetch(mirrorUrl);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await page.text()).toContain(
      `<meta name="fermata-server" content="${new URL(server.target.baseUrl).origin}" />`,
    );
    expect((await fetch(mirrorUrl, { method: "POST" })).status).toBe(405);
  }, 120_000);

  test("may call the API, and invites lead to it", async () => {
    const { origin } = new URL(mirrorUrl);
    const answer = await fetch(`${server.target.baseUrl}/api/trpc/settings.public`, {
      headers: { origin },
    });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    const { data } = await owner.mutate("signaling.createRoom", { name: "Saturday" });
    const invite = new URL(data.inviteUrl);
    expect(invite.origin).toBe(origin);
    expect(Object.fromEntries(invite.searchParams)).toMatchObject({
      room: data.roomId,
      invite: data.inviteToken,
      name: "Saturday",
    });
    const { data: next } = await owner.mutate("signaling.rotateInvite", { roomId: data.roomId });
    expect(next.inviteUrl).toContain(next.inviteToken);
  });
});
