import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { makeOwnedName } from "../testing/owned-name";
import { query } from "../testing/query";
import { THROWAWAY_PREFIX } from "../testing/throwaway-postgres";
import { withAdmin } from "../testing/with-admin";
import { withUserPassword } from "./password";
import { postgresUrl } from "./postgres-url";
import { startPostgres } from "./start-postgres";
import { stopPostgres } from "./stop-postgres";

let scratch: string;
let dataDir: string;

beforeAll(() => {
  // Swept by a later run should this one be killed while its servers run.
  scratch = join(realpathSync(tmpdir()), makeOwnedName(THROWAWAY_PREFIX));
  mkdirSync(scratch);
  chmodSync(scratch, 0o755);
  vi.stubEnv("XDG_STATE_HOME", join(scratch, "state"));
});

beforeEach(() => {
  const parent = mkdtempSync(join(scratch, "new-"));
  chmodSync(parent, 0o755);
  dataDir = join(parent, "data", "postgres");
});

afterEach(() => stopPostgres(dataDir));

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true });
});

const start = () => startPostgres({ dataDir, settings: { fsync: "off" } });
const passwordFile = () => `${dataDir}.password`;
const readIt = () => readFileSync(passwordFile(), "utf8").trim();

/** What any other program of this machine gets. */
async function withoutPassword(port: number, password?: string): Promise<string> {
  return query(postgresUrl(port, "postgres", password), "SELECT 1").then(
    () => "let in",
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );
}

/** As releases before passwords left it: nothing is asked, nothing kept. */
async function makeTrusting(url: string): Promise<void> {
  const rules = join(dataDir, "pg_hba.conf");
  writeFileSync(rules, "local all all trust\nhost all all 127.0.0.1/32 trust\n");
  await query(url, "ALTER ROLE postgres PASSWORD NULL; SELECT pg_reload_conf()");
  rmSync(passwordFile());
}

test("asks whoever connects for a password, which this user alone can read", async () => {
  const { url, port } = await start();
  expect(new URL(url).password).toBe(readIt());
  expect(statSync(passwordFile()).mode & 0o777).toBe(0o600);
  expect(await withoutPassword(port)).toContain("password must be a string");
  expect(await withoutPassword(port, "postgres")).toBe("28P01");
  expect(await query(url, "SHOW password_encryption")).toEqual([
    { password_encryption: "scram-sha-256" },
  ]);
});

test("a cluster of a release without passwords opens, with its rows, and gets one", async () => {
  const first = await start();
  await query(first.url, "CREATE TABLE kept AS SELECT 7 AS seven");
  await makeTrusting(first.url);
  await first.stop();
  const moved = await start();
  expect(await query(moved.url, "SELECT seven FROM kept")).toEqual([{ seven: 7 }]);
  expect(await withoutPassword(moved.port)).toContain("password must be a string");
  await moved.stop();
  const again = await start();
  expect(again.url).toBe(moved.url);
  expect(await query(again.url, "SELECT seven FROM kept")).toEqual([{ seven: 7 }]);
});

test("one that still runs gets its password when nobody is connected to it, and not before", async () => {
  const first = await start();
  await makeTrusting(first.url);
  await expect.poll(() => withoutPassword(first.port)).toBe("let in");
  await withAdmin(postgresUrl(first.port, "postgres"), async (older) => {
    const beside = await start();
    expect(beside.adopted).toBe(true);
    expect(await query(beside.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(await withoutPassword(first.port)).toBe("let in");
    await older.query("SELECT 1");
  });
  const alone = await start();
  expect(alone).toMatchObject({ adopted: true, port: first.port });
  expect(await query(alone.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await expect.poll(() => withoutPassword(first.port)).toContain("password must be a string");
});

test("a lost password is replaced at the next start; a wrong one, and a lost one of a server that runs, are named", async () => {
  const first = await start();
  rmSync(passwordFile());
  await expect(start()).rejects.toMatchObject({
    code: "PASSWORD_WRONG",
    message: expect.stringContaining(passwordFile()),
  });
  await first.stop();
  const second = await start();
  expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(await withoutPassword(second.port)).toContain("password must be a string");

  writeFileSync(passwordFile(), "another\n");
  await expect(start()).rejects.toMatchObject({ code: "PASSWORD_WRONG" });
});

test("a URL without a password reaches the clusters of this user, and says nothing elsewhere", async () => {
  const { port } = await start();
  const named = withUserPassword(postgresUrl(port, "postgres"));
  expect(await query(named, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  for (const other of [
    "postgresql://postgres@db.example.test/fermata",
    "postgresql://me@127.0.0.1/fermata",
    "postgresql://postgres:said@127.0.0.1/fermata",
    "not a URL",
  ])
    expect(withUserPassword(other)).toBe(other);
});
