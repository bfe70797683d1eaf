import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeOwnedName } from "../testing/owned-name";
import { query } from "../testing/query";
import { TEST_POSTGRES_URL_VARIABLE } from "../testing/test-postgres-url-variable";
import { THROWAWAY_PREFIX } from "../testing/throwaway-postgres";
import { withAdmin } from "../testing/with-admin";
import { readPostmaster } from "./find-live-postgres";
import { identify, isStillRunning } from "./process-state";
import { isRoot } from "./run-as";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresError,
  type StartPostgresOptions,
  startPostgres,
} from "./start-postgres";
import { stopPostgres } from "./stop-postgres";

let scratch: string;
/** One cluster for all tests that do not need a new one. */
let sharedDataDir: string;
let dataDir: string;

beforeAll(() => {
  scratch = makeScratch();
  sharedDataDir = join(scratch, "shared", "postgres");
});

beforeEach(() => {
  dataDir = sharedDataDir;
});

afterEach(async () => {
  await stopPostgres(dataDir);
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function makeScratch(): string {
  // Swept by a later run should this one be killed while its servers run.
  const dir = join(realpathSync(tmpdir()), makeOwnedName(THROWAWAY_PREFIX));
  mkdirSync(dir);
  chmodSync(dir, 0o755);
  return dir;
}

function useNewDataDir(): void {
  dataDir = join(mkdtempSync(join(scratch, "new-")), "data", "postgres");
  chmodSync(dirname(dirname(dataDir)), 0o755);
}

function start(options: Partial<StartPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  return startPostgres({ dataDir, settings: { fsync: "off" }, ...options });
}

async function writeNote(url: string, note: string): Promise<void> {
  await query(
    url,
    `CREATE TABLE IF NOT EXISTS notes (note text); INSERT INTO notes VALUES ('${note}')`,
  );
}

async function readNotes(url: string): Promise<string[]> {
  const rows = await query<{ note: string }>(url, "SELECT note FROM notes ORDER BY note");
  return rows.map((row) => row.note);
}

async function killPostgres(): Promise<void> {
  const pid = readPostmaster(dataDir)?.pid ?? Number.NaN;
  process.kill(pid, "SIGKILL");
  await expect.poll(() => readPostmaster(dataDir)?.state).not.toBe("running");
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

test("makes a cluster and a database, then keeps both, and the port, over a restart", async () => {
  const progress: string[] = [];
  const first = await start({ database: "fermata", onProgress: (step) => progress.push(step) });
  expect(first).toMatchObject({ adopted: false, dataDir });
  expect(new URL(first.url).pathname).toBe("/fermata");
  expect(progress.length).toBeGreaterThan(0);
  await writeNote(first.url, "kept");
  const [locale] = await query(
    first.url,
    "SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider, datlocale FROM pg_database WHERE datname = current_database()",
  );
  expect(locale).toEqual({ encoding: "UTF8", datlocprovider: "b", datlocale: "C.UTF-8" });

  await first.stop();
  await first.stop();
  await expect(readNotes(first.url)).rejects.toMatchObject({ code: "ECONNREFUSED" });

  const second = await start({ database: "fermata" });
  expect(second).toMatchObject({ adopted: false, url: first.url });
  expect(await readNotes(second.url)).toEqual(["kept"]);
});

test("listens on the loopback address alone", async () => {
  const { url } = await start();
  const [row] = await query(
    url,
    "SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets",
  );
  expect(row).toEqual({ addresses: "127.0.0.1", sockets: "" });
  const outside = Object.values(networkInterfaces())
    .flat()
    .filter((address) => address?.family === "IPv4" && !address.internal);
  for (const address of outside) {
    const elsewhere = new URL(url);
    elsewhere.hostname = address?.address ?? "";
    await expect(query(elsewhere.toString(), "SELECT 1")).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
  }
});

test("adopts the running server of its own cluster, and can stop it", async () => {
  const first = await start();
  const second = await start();
  expect(second).toMatchObject({ adopted: true, port: first.port });
  await second.stop();
  await expect(query(first.url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("stops for the last of those who share it, and not before", async () => {
  const server = await start();
  await withAdmin(server.url, async (somebody) => {
    await server.stopIfUnused();
    expect((await somebody.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });
  // The session of whoever just left may still be listed.
  let stopped = Promise.resolve();
  await withAdmin(server.url, async () => {
    stopped = server.stopIfUnused();
    await sleep(200);
  });
  await stopped;
  await expect(query(server.url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await server.stopIfUnused();
});

test("does not adopt another cluster's server that stands in its postmaster.pid", async () => {
  const mine = await start();
  await mine.stop();
  const [other] = await query<{ dir: string }>(
    process.env[TEST_POSTGRES_URL_VARIABLE] ?? "",
    "SELECT current_setting('data_directory') AS dir",
  );
  copyFileSync(join(other?.dir ?? "", "postmaster.pid"), join(dataDir, "postmaster.pid"));
  expect(await start()).toMatchObject({ adopted: false, url: mine.url });
});

test("several starters at once end up on one server, which one of them started", async () => {
  useNewDataDir();
  const servers = await Promise.all([start(), start(), start(), start()]);
  expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
  expect(servers.filter(({ adopted }) => !adopted)).toHaveLength(1);
});

test("recovers after kill -9 on the same port with every committed row", async () => {
  const first = await start({ settings: {}, database: "killed" });
  for (const note of ["a", "b", "c"]) await writeNote(first.url, note);
  await killPostgres();
  const second = await start({ database: "killed" });
  expect(second).toMatchObject({ adopted: false, url: first.url });
  expect(await readNotes(second.url)).toEqual(["a", "b", "c"]);
});

describe("kept alive", () => {
  const keep = (server: EmbeddedPostgres) => {
    const deaths: string[] = [];
    const failures: unknown[] = [];
    const end = server.keepAlive({
      onDeath: () => deaths.push("died"),
      onFailure: (error) => failures.push(error),
    });
    return { deaths, failures, end };
  };
  const patience = { timeout: 30_000 };

  test("it is started again on its port when it was killed, and left alone when it was stopped", async () => {
    const first = await start({ settings: {}, database: "kept" });
    await writeNote(first.url, "a");
    const { deaths, failures, end } = keep(first);
    const read = () => readNotes(first.url).catch(() => []);
    await killPostgres();
    await expect.poll(read, patience).toEqual(["a"]);
    expect(deaths).toEqual(["died"]);

    await first.stop();
    await sleep(2_500);
    expect(await read()).toEqual([]);
    await end();
    expect([deaths.length, failures]).toEqual([1, []]);
  });

  // What a recovery that failed leaves, and whoever stops it from outside.
  test("it is started again where its postmaster.pid went with it", async () => {
    const first = await start({ database: "kept" });
    const { deaths, end } = keep(first);
    await killPostgres();
    rmSync(join(dataDir, "postmaster.pid"), { force: true });
    const one = () => query(first.url, "SELECT 1 AS one").catch(() => []);
    await expect.poll(one, patience).toEqual([{ one: 1 }]);
    expect(deaths).toEqual(["died"]);
    await end();
    await first.stop();
  });

  test("it is tried until it starts", async () => {
    const first = await start({ database: "kept" });
    const { deaths, failures, end } = keep(first);
    // No log, no start.
    rmSync(`${dataDir}.log`);
    mkdirSync(`${dataDir}.log`);
    await killPostgres();
    await expect.poll(() => failures.length, patience).toBeGreaterThan(1);
    rmSync(`${dataDir}.log`, { recursive: true });
    const one = () => query(first.url, "SELECT 1 AS one").catch(() => []);
    await expect.poll(one, patience).toEqual([{ one: 1 }]);
    expect(deaths).toEqual(["died"]);
    await end();
    await first.stop();
  });

  test("a plain SIGTERM, which waits for the sessions of those who keep it, ends in a new start", async () => {
    const first = await start({ database: "kept" });
    const { deaths, end } = keep(first);
    await withAdmin(first.url, async (ours) => {
      ours.on("error", () => undefined);
      process.kill(readPostmaster(dataDir)?.pid ?? 0, "SIGTERM");
      await expect.poll(() => deaths, patience).toEqual(["died"]);
    });
    const one = () => query(first.url, "SELECT 1 AS one").catch(() => []);
    await expect.poll(one, patience).toEqual([{ one: 1 }]);
    await end();
    await first.stop();
  });

  test("nobody else stops it, also while it has no session", async () => {
    const first = await start();
    const { pid } = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    mkdirSync(`${dataDir}.keepers`, { recursive: true });
    writeFileSync(join(`${dataDir}.keepers`, "another"), JSON.stringify(identify(pid ?? 0)));
    await first.stopIfUnused();
    expect(first.abandon()).toBeNull();
    expect(await query(first.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    process.kill(pid ?? 0, "SIGKILL");
    await expect.poll(() => isStillRunning(identify(pid ?? 0))).toBe(false);
    await first.stopIfUnused();
    await expect(query(first.url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("who is ended by force leaves none behind", async () => {
    const first = await start();
    const { end } = keep(first);
    const pid = readPostmaster(dataDir)?.pid;
    await end();
    expect(first.abandon()).toBe(pid);
    await expect.poll(() => readPostmaster(dataDir)?.state, patience).not.toBe("running");
    expect(first.abandon()).toBeNull();
  });
});

test("starts over a postmaster.pid whose process id belongs to another program", async () => {
  const first = await start();
  const pidFile = join(dataDir, "postmaster.pid");
  const content = readFileSync(pidFile, "utf8");
  await first.stop();
  writeFileSync(pidFile, content.replace(/^\d+/, String(process.pid)));
  expect(await start()).toMatchObject({ adopted: false, port: first.port });
});

test.each(["", "\n", "nonsense"])(
  "starts over a postmaster.pid that a crash left as %j",
  async (left) => {
    const first = await start();
    await first.stop();
    writeFileSync(join(dataDir, "postmaster.pid"), left);
    expect(await start()).toMatchObject({ adopted: false, port: first.port });
  },
);

test("moves to another port, and stays there, when another program took its own", async () => {
  const first = await start();
  await first.stop();
  const intruder = await listen(first.port);
  try {
    const moved = await start();
    expect(moved.port).not.toBe(first.port);
    expect(await query(moved.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await moved.stop();
    expect((await start()).port).toBe(moved.port);
  } finally {
    intruder.close();
  }
});

test("refuses a demanded port that another program has", async () => {
  const intruder = await listen(0);
  try {
    const { port } = intruder.address() as { port: number };
    await expect(start({ port })).rejects.toMatchObject({ code: "PORT_TAKEN" });
  } finally {
    intruder.close();
  }
});

test("an initdb that was cut off leaves nothing that is taken for a cluster", async () => {
  useNewDataDir();
  const halfDone = `${dataDir}.initializing-0`;
  mkdirSync(halfDone, { recursive: true });
  writeFileSync(join(halfDone, "PG_VERSION"), "18\n");
  const { url } = await start();
  expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(readdirSync(dirname(dataDir)).filter((name) => name.includes("initializing"))).toEqual([]);
});

test("touches no directory that holds something else, and no cluster of another version", async () => {
  useNewDataDir();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, "thesis.txt"), "unsaved");
  await expect(start()).rejects.toMatchObject({ code: "DATA_DIR_UNUSABLE" });
  expect(readdirSync(dataDir)).toEqual(["thesis.txt"]);

  writeFileSync(join(dataDir, "PG_VERSION"), "9\n");
  await expect(start()).rejects.toThrow("made by PostgreSQL 9");
});

test("refuses an empty database, or another one, in the place of the one that was there", async () => {
  useNewDataDir();
  const first = await start();
  await first.stop();
  renameSync(dataDir, `${dataDir}.away`);
  await expect(start()).rejects.toMatchObject({
    code: "DATABASE_MISSING",
    message: expect.stringContaining(dataDir),
  });
  const record = `${dataDir}.record.json`;
  rmSync(record);
  await expect(start({ expected: "Its files are here." })).rejects.toMatchObject({
    code: "DATABASE_MISSING",
    message: expect.stringContaining("Its files are here."),
  });

  renameSync(`${dataDir}.away`, dataDir);
  writeFileSync(record, JSON.stringify({ clusterDir: dataDir, systemIdentifier: "1" }));
  await expect(start()).rejects.toMatchObject({ code: "DATABASE_NOT_THIS_ONE" });
  rmSync(record);
  await start();
  const [control] = await query<{ id: string }>(
    (await start()).url,
    "SELECT system_identifier::text AS id FROM pg_control_system()",
  );
  expect(JSON.parse(readFileSync(record, "utf8"))).toEqual({
    clusterDir: dataDir,
    systemIdentifier: control?.id,
  });
});

test("says why PostgreSQL did not start", async () => {
  await expect(start({ settings: { max_connections: "many" } })).rejects.toMatchObject({
    code: "START_FAILED",
    message: expect.stringContaining('invalid value for parameter "max_connections"'),
  });
});

describe.runIf(isRoot())("as root", () => {
  test("opens a private data root for passing through, and nothing more", async () => {
    await start();
    await stopPostgres(dataDir);
    chmodSync(dirname(dataDir), 0o700);
    expect((await start()).dataDir).toBe(dataDir);
    expect(statSync(dirname(dataDir)).mode & 0o777).toBe(0o711);
  });

  describe("behind a closed directory", () => {
    let closed: string;
    const homes = new Set<string>();

    beforeEach(() => {
      useNewDataDir();
      closed = dirname(dirname(dataDir));
      chmodSync(closed, 0o700);
    });

    afterEach(async () => {
      await stopPostgres(dataDir);
      for (const home of homes) rmSync(home, { recursive: true, force: true });
    });

    async function startNoted(note: string): Promise<EmbeddedPostgres> {
      const server = await start();
      homes.add(dirname(server.dataDir));
      await writeNote(server.url, note);
      return server;
    }

    test("the cluster lives elsewhere, says so, and goes with its data root", async () => {
      const first = await startNoted("here");
      expect(first.dataDir).toMatch(/^\/var\/lib\/fermata-[0-9a-f-]{36}\/postgres$/);
      expect(first.isElsewhere).toBe(true);
      await first.stop();
      const again = await start();
      expect(again.dataDir).toBe(first.dataDir);
      expect(await readNotes(again.url)).toEqual(["here"]);
      await again.stop();

      rmSync(dirname(dataDir), { recursive: true });
      const fresh = await startNoted("new");
      expect(fresh.dataDir).not.toBe(first.dataDir);
      expect(await readNotes(fresh.url)).toEqual(["new"]);
    });

    test("a data root that is moved keeps its cluster, also to an open place", async () => {
      const first = await startNoted("moved");
      await first.stop();
      const moved = join(closed, "renamed");
      renameSync(dirname(dataDir), moved);
      dataDir = join(moved, "postgres");
      const renamed = await start();
      expect(await readNotes(renamed.url)).toEqual(["moved"]);
      await renamed.stop();

      const open = join(mkdtempSync(join(scratch, "open-")), "data");
      chmodSync(dirname(open), 0o755);
      renameSync(moved, open);
      dataDir = join(open, "postgres");
      const opened = await start();
      expect(opened.dataDir).toBe(first.dataDir);
      expect(await readNotes(opened.url)).toEqual(["moved"]);
    });

    test.each([
      ["as this release left it", () => undefined],
      ["as a release without a record left it", () => rmSync(`${dataDir}.record.json`)],
      ["without its hidden id", () => rmSync(join(dirname(dataDir), "instance-id"))],
    ])("a data root restored without its cluster is refused by name, %s", async (_, change) => {
      const first = await startNoted("lost");
      await first.stop();
      change();
      renameSync(first.dataDir, `${first.dataDir}.away`);
      await expect(start()).rejects.toMatchObject({
        code: "DATABASE_MISSING",
        message: expect.stringContaining(first.dataDir),
      });
      // In an open place, where a new one could have been made, it is no different.
      chmodSync(closed, 0o755);
      await expect(start()).rejects.toMatchObject({ code: "DATABASE_MISSING" });
      expect(existsSync(dataDir)).toBe(false);

      renameSync(`${first.dataDir}.away`, first.dataDir);
      const restored = await start();
      expect(await readNotes(restored.url)).toEqual(["lost"]);
    });

    test("a copy of the data root is refused, and opens a copy of the cluster as it was told", async () => {
      const first = await startNoted("original");
      await first.stop();
      const original = dataDir;
      dataDir = join(closed, "copy", "postgres");
      cpSync(dirname(original), dirname(dataDir), { recursive: true });
      const refusal = await start().catch((error: EmbeddedPostgresError) => error);
      expect(refusal).toMatchObject({
        code: "DATABASE_NOT_THIS_ONE",
        message: expect.stringContaining(dirname(original)),
      });
      const remedy = /^ {2}.*$/gm;
      for (const [command] of (refusal as EmbeddedPostgresError).message.matchAll(remedy))
        execFileSync("sh", ["-c", command]);
      const copy = await startNoted("copy");
      expect(copy.dataDir).not.toBe(first.dataDir);
      await copy.stop();
      dataDir = original;
      expect(await readNotes((await start()).url)).toEqual(["original"]);
    });

    test("a cluster that came along into a closed place is not passed over for an empty one", async () => {
      chmodSync(closed, 0o755);
      const first = await startNoted("inside");
      expect(first.isElsewhere).toBe(false);
      await first.stop();
      chmodSync(closed, 0o700);
      await expect(start()).rejects.toMatchObject({
        code: "DATA_DIR_UNUSABLE",
        message: expect.stringContaining(closed),
      });
      chmodSync(closed, 0o755);
      expect(await readNotes((await start()).url)).toEqual(["inside"]);
    });
  });

  test("opens a cluster that was copied without owner, rights and empty directories", async () => {
    useNewDataDir();
    const first = await start({ database: "backup" });
    await writeNote(first.url, "restored");
    await first.stop();
    for (const path of ["", ...readdirSync(dataDir, { recursive: true, encoding: "utf8" })]) {
      const file = join(dataDir, path);
      chownSync(file, 0, 0);
      chmodSync(file, statSync(file).isDirectory() ? 0o755 : 0o644);
    }
    for (const name of ["pg_notify", "pg_twophase"]) rmdirSync(join(dataDir, name));
    const restored = await start({ database: "backup" });
    expect(await readNotes(restored.url)).toEqual(["restored"]);
    expect(statSync(join(dataDir, "postgresql.conf")).mode & 0o777).toBe(0o600);
  });

  test("runs as the owner of an existing cluster, and takes over one that root copied", async () => {
    const first = await start({ database: "backup" });
    await writeNote(first.url, "restored");
    await first.stop();
    renameSync(dataDir, `${dataDir}.backup`);
    for (const path of readdirSync(`${dataDir}.backup`, { recursive: true, encoding: "utf8" })) {
      chownSync(join(`${dataDir}.backup`, path), 0, 0);
    }
    chownSync(`${dataDir}.backup`, 0, 0);
    renameSync(`${dataDir}.backup`, dataDir);
    const restored = await start({ database: "backup" });
    expect(await readNotes(restored.url)).toEqual(["restored"]);
    expect(statSync(dataDir).uid).not.toBe(0);
    expect(existsSync(join(dataDir, "postmaster.pid"))).toBe(true);
  });
});
