import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { startPostgres } from "@fermata/embedded/postgres";
import { freePort } from "@fermata/embedded/testing/free-port";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { openStream } from "./setup/event-stream";
import { grantFile, postFile, uploadFile } from "./setup/file-uploads";
import { grantMedia, uploadMedia } from "./setup/media-uploads";
import { createRoom, joinRoom } from "./setup/rooms";
import { type RpcAnswer, signInAdmin } from "./setup/rpc";
import { png } from "./setup/samples";
import { type RunningServer, startSelfHosted } from "./setup/start-server";
import { targets } from "./setup/targets";

/** With BASE_URL there is somebody's server, and none of ours. */
const startsServers = targets.some(({ name }) => name === "self-hosted");

/** These end servers by force, so they start their own, over data of its own: each test goes on from what the last left. */
describe.runIf(startsServers)("the life of a self-hosted server", () => {
  let dataDir: string;
  let running: RunningServer | undefined;

  beforeAll(async () => {
    dataDir = join(await makeDataDir(), "data");
  });

  afterAll(async () => {
    await running?.stop();
    // A failed test may have left it running.
    await (await postgres()).stop();
    await rm(join(dataDir, ".."), { recursive: true, force: true });
  });

  /** The server of that data: the one that runs, or a new one where it was ended. */
  const server = async (port?: number): Promise<RunningServer> => {
    if (!running || hasEnded(running.process)) running = await startSelfHosted(dataDir, port);
    return running;
  };
  /** The database of that data: adopted while it runs, started where it does not. */
  const postgres = () => startPostgres({ dataDir: join(dataDir, "postgres"), database: "fermata" });
  const postmasterOf = async (clusterDir: string) => {
    const [pid] = (await readFile(join(clusterDir, "postmaster.pid"), "utf8")).split("\n");
    return Number(pid);
  };

  test("takes the next free port where the wanted one is taken, and says so", async () => {
    const port = await freePort();
    const neighbour = createServer().listen(port, "127.0.0.1");
    await once(neighbour, "listening");
    const { target, output } = await server(port);
    neighbour.close();
    const taken = Number(new URL(target.baseUrl).port);
    expect(taken).toBeGreaterThan(port);
    const lines = output().split("\n");
    expect(lines.some((line) => line.includes(`${port}`) && !line.includes(`${taken}`))).toBe(true);
    const admin = await signInAdmin(target);
    const { data } = await admin.query("auth.me");
    expect(data.user.role).toBe("admin");
  });

  test("stops by itself at SIGTERM with a stream open, and PostgreSQL with it", async () => {
    const { target, process: child } = await server();
    const admin = await signInAdmin(target);
    const room = await createRoom(admin);
    const guest = await joinRoom(target, room, "Iben");
    const stream = await openStream(
      target,
      "signaling.messages",
      { roomId: room.roomId },
      guest.roomToken,
    );
    const { port } = await postgres();
    expect(await isListening(port)).toBe(true);

    // Docker kills after ten seconds.
    const exited = once(child, "exit", { signal: AbortSignal.timeout(10_000) });
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    await expect.poll(() => stream.end).toBe("ended");
    // A client that is told of an end does not come back; one that is cut off does.
    expect(stream.complete).toBe(false);
    await expect.poll(() => isListening(port), { timeout: 2_000 }).toBe(false);
  });

  test.each([["the server"], ["the server and PostgreSQL"]])(
    "needs no hand after kill -9 of %s during uploads, and shows nothing half-done as done",
    async (victims) => {
      const before = await server();
      const admin = await signInAdmin(before.target);
      const kept = await uploadFile(admin, png(), "image/png");
      const keptMedia = await uploadMedia(admin, randomBytes(1000));
      const filesBefore = (await admin.query("files.list", { limit: 100 })).data.items.length;
      const media = await grantMedia(admin, {
        filename: "half.bin",
        contentType: "application/octet-stream",
        sizeBytes: 4_000_000,
      });
      const file = await grantFile(admin);
      await beginSending(file.url, "POST", { "content-type": "application/octet-stream" });
      await beginSending(media.uploadUrl, "PUT", media.headers);

      if (victims !== "the server") {
        const { dataDir: clusterDir } = await postgres();
        process.kill(await postmasterOf(clusterDir), "SIGKILL");
      }
      const exited = once(before.process, "exit");
      before.process.kill("SIGKILL");
      await exited;

      const { target } = await server();
      const again = await signInAdmin(target);
      const { data: files } = await again.query("files.list", { limit: 100 });
      expect(files.items).toHaveLength(filesBefore);
      const { data: url } = await again.query("files.getUrl", { storageId: kept });
      expect((await fetch(url)).status).toBe(200);
      expect((await again.query("storage.getMetadata", { key: media.key })).data?.status).toBe(
        "pending",
      );
      const early = await again.mutate("storage.completeUpload", { key: media.key });
      expect(early.error?.data.appCode).toBe("UPLOAD_INCOMPLETE");
      const { data: ready } = await again.query("storage.getMetadata", { key: keptMedia.key });
      expect(ready.status).toBe("ready");
      const published = (publicUrl: string) =>
        fetch(new URL(new URL(publicUrl).pathname, target.baseUrl));
      expect((await published(media.publicUrl ?? "")).status).toBe(404);
      expect((await published(ready.publicUrl)).status).toBe(200);
      await uploadMedia(again, randomBytes(1000));
      // The bearer of before is a row of the same table.
      expect((await again.query("auth.sessions")).data.items.length).toBeGreaterThan(1);
    },
  );

  test("outlives PostgreSQL: calls fail in plain words, and it is started again where it died", async () => {
    const { target, process: child } = await server();
    const admin = await signInAdmin(target);
    const room = await createRoom(admin);
    const maja = await joinRoom(target, room, "Maja", { rpc: admin });
    const iben = await joinRoom(target, room, "Iben");
    const { roomId } = room;
    const follow = (lastEventId?: string) =>
      openStream(target, "signaling.messages", { roomId, lastEventId }, iben.roomToken);
    let stream = await follow();
    const file = await grantFile(admin);
    const embedded = await postgres();
    const { dataDir: clusterDir, port } = embedded;
    const isReady = async () => (await fetch(`${target.baseUrl}/api/ready`)).status;
    const patience = { timeout: 15_000, interval: 100 };

    const answers: RpcAnswer[] = [];
    const stopLoad = keepAsking(6, async () => {
      answers.push(await admin.query("files.list"));
    });
    await expect.poll(() => answers.length).toBeGreaterThan(20);
    const diedAt = await postmasterOf(clusterDir);
    process.kill(diedAt, "SIGKILL");
    await expect.poll(() => isListening(port), { timeout: 5_000, interval: 20 }).toBe(false);
    await expect.poll(isReady, patience).toBe(200);
    expect(await postmasterOf(clusterDir)).not.toBe(diedAt);
    expect(await isListening(port)).toBe(true);

    // Who stops it means it.
    await embedded.stop();
    const down = await admin.query("files.list");
    expect([down.status, down.error?.data.appCode]).toEqual([503, "UPSTREAM_UNAVAILABLE"]);
    const signIn = await admin.mutate("auth.createToken", { email: "a@b.example", password: "x" });
    expect(signIn.error?.data.appCode).toBe("UPSTREAM_UNAVAILABLE");
    const upload = await postFile(file.url, png(), { "content-type": "image/png" });
    expect([upload.status, upload.appCode]).toEqual([503, "UPSTREAM_UNAVAILABLE"]);
    await stopLoad();
    const failures = answers.filter(({ error }) => error);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of [...failures, down, signIn]) {
      expect([500, 503]).toContain(failure.status);
      expect(["UPSTREAM_UNAVAILABLE", "INTERNAL"]).toContain(failure.error?.data.appCode);
      expect(failure.error?.data.requestId).toMatch(/.{8,}/);
      expect(failure.error?.data).not.toHaveProperty("stack");
      expect(JSON.stringify(failure)).not.toMatch(
        /prisma|postgres|ECONN|terminat|connection|127\.0\.0\.1|shut|query/i,
      );
    }
    expect((await fetch(`${target.baseUrl}/api/health`)).status).toBe(200);
    const unready = await fetch(`${target.baseUrl}/api/ready`);
    expect([unready.status, (await unready.json()).checks]).toEqual([503, expect.any(Array)]);
    expect(child.exitCode).toBeNull();

    await postgres();
    await expect.poll(isReady, patience).toBe(200);
    await expect
      .poll(async () => (await admin.query("files.list")).status, { timeout: 10_000 })
      .toBe(200);
    const again = await postFile(file.url, png(), { "content-type": "image/png" });
    expect(again.status).toBe(200);

    const { error } = await maja.rpc.mutate("signaling.send", {
      roomId,
      messages: [{ kind: "offer", payload: "after" }],
    });
    expect(error).toBeUndefined();
    await expect
      .poll(
        async () => {
          if (stream.end !== null) stream = await follow(stream.events.at(-1)?.id);
          return stream.events.map(({ data }) => data.payload);
        },
        { timeout: 15_000, interval: 200 },
      )
      .toEqual(["after"]);
    stream.close();
  });
});

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Sends a quarter of a body and leaves the rest unsaid; resolves when that much is on its way. */
async function beginSending(
  url: string,
  method: string,
  headers: Record<string, string>,
): Promise<void> {
  const sending = request(url, { method, headers: { ...headers, "content-length": 4_000_000 } });
  // The server dies in the middle of it.
  sending.on("error", () => {});
  await new Promise((resolve) => sending.write(randomBytes(1_000_000), resolve));
}

/** Asks without a pause, some at a time, until it is stopped; a server that stops answering ends it, too. */
function keepAsking(atATime: number, ask: () => Promise<void>): () => Promise<void> {
  let asking = true;
  const askers = Array.from({ length: atATime }, async () => {
    while (asking) await ask();
  });
  const ended = Promise.all(askers).then(
    () => null,
    (failure: unknown) => failure,
  );
  return async () => {
    asking = false;
    const failure = await ended;
    if (failure) throw failure;
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (listening: boolean) => () => {
      socket.destroy();
      resolve(listening);
    };
    socket.once("connect", answer(true));
    socket.once("error", answer(false));
  });
}
