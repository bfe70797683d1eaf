import { rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { uploadFile } from "./setup/file-uploads";
import { signInAdmin } from "./setup/rpc";
import { type RunningServer, startSelfHosted } from "./setup/start-server";
import { targets } from "./setup/targets";

/** With BASE_URL there is somebody's server, and none of ours. */
const startsServers = targets.some(({ name }) => name === "self-hosted");

describe.runIf(startsServers)("files on an origin of their own", () => {
  let dataDir: string;
  let server: RunningServer;
  let filesOrigin: string;

  beforeAll(async () => {
    dataDir = join(await makeDataDir(), "data");
    const port = await freePort();
    filesOrigin = `http://files.localhost:${port}`;
    server = await startSelfHosted(dataDir, port, { FERMATA_FILES_ORIGIN: filesOrigin });
  });

  afterAll(async () => {
    await server?.stop();
    await rm(join(dataDir, ".."), { recursive: true, force: true });
  });

  /** What this server answers under one of its names. */
  function get(path: string, host: string): Promise<{ status: number; disposition: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        new URL(path, server.target.baseUrl),
        { headers: { host } },
        (incoming) => {
          incoming.resume();
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              disposition: String(incoming.headers["content-disposition"]),
            }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
  }

  test("are shown there, are downloads elsewhere, and nothing else answers there", async () => {
    const admin = await signInAdmin(server.target);
    const storageId = await uploadFile(admin, Buffer.from("words"), "text/plain");
    const { data: url } = await admin.query("files.getUrl", { storageId });
    expect(new URL(url).origin).toBe(filesOrigin);
    const { pathname, search } = new URL(url);
    const [there, main] = [new URL(filesOrigin).host, new URL(server.target.baseUrl).host];
    expect(await get(pathname + search, there)).toEqual({ status: 200, disposition: "inline" });
    expect(await get(pathname + search, main)).toEqual({ status: 200, disposition: "attachment" });
    for (const path of ["/", "/sign-in", "/api/health", "/api/trpc/auth.me", "/api/auth/session"]) {
      expect([path, (await get(path, there)).status]).toEqual([path, 404]);
    }
    expect((await get("/api/health", main)).status).toBe(200);
  });
});
