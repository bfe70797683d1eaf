import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runFermata } from "./run-fermata";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "fermata-cli-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
}
const read = (path: string) => readFile(join(cwd, path), "utf8");

async function run(args: string, answer?: boolean) {
  const said: string[] = [];
  const failed: string[] = [];
  const code = await runFermata(args.split(" ").filter(Boolean), {
    cwd,
    print: (text) => said.push(text),
    printError: (text) => failed.push(text),
    env: {},
    ask: answer === undefined ? null : async () => (answer ? "y" : "n"),
    progress: null,
    width: 100,
  });
  return { code, said: said.join("\n"), failed: failed.join("\n") };
}

const manifest = (dependencies: object) => JSON.stringify({ dependencies });
const shop = {
  "package.json": manifest({ next: "^16", prisma: "^7", "better-auth": "^1", inngest: "^4" }),
  "src/app/page.tsx": "export default () => null;\n",
  "src/lib/auth.ts": "export const auth = {};\n",
  "src/lib/prisma.ts": "export const prisma = {};\n",
  "next.config.ts":
    'import type { NextConfig } from "next";\n\nconst nextConfig: NextConfig = {\n  reactStrictMode: true,\n};\n\nexport default nextConfig;\n',
  "prisma.config.ts":
    'import { defineConfig } from "prisma/config";\n\nexport default defineConfig({\n  schema: "prisma/schema.prisma",\n  migrations: {\n    path: "prisma/migrations",\n  },\n  datasource: { url: "postgresql://localhost/shop" },\n});\n',
  "prisma/schema.prisma":
    'generator client {\n  provider = "prisma-client"\n  output   = "../generated"\n}\n\ndatasource db {\n  provider = "postgresql"\n}\n\nmodel Invoice {\n  id    String @id\n  state State\n}\n\nenum State {\n  open\n  paid\n}\n',
  ".env": "DATABASE_URL=postgresql://shop:secret@localhost/shop\n",
  ".gitignore": "node_modules\n",
};

describe("init", () => {
  test("writes what an app of Next, Prisma and better-auth needs, and nothing a second time", async () => {
    await write(shop);
    const { code, said } = await run("init --yes");
    expect(code).toBe(0);
    expect(await read("src/fermata.ts")).toContain(`import { auth } from "./lib/auth";`);
    expect(await read("src/fermata.ts")).toContain("database: { prisma },");
    expect(await read("src/app/api/fermata/[...path]/route.ts")).toContain(
      `from "../../../../fermata"`,
    );
    expect(await read("next.config.ts")).toContain(
      `const nextConfig: NextConfig = {\n  serverExternalPackages: ["@fermata/server"],\n  reactStrictMode`,
    );
    expect(await read("prisma.config.ts")).toContain(`external: ["fermata.File", "fermata.Media"]`);
    expect(await read("prisma.config.ts")).toContain(`schema: "prisma",`);
    expect(await read("prisma/schema.prisma")).toMatch(
      /enum State \{[^}]*@@schema\("public"\)\n\}/,
    );
    expect(await read(".env")).toMatch(
      /^DATABASE_URL=postgresql:\/\/shop:secret@localhost\/shop\nFERMATA_SECRET=[\w-]{48}\n$/,
    );
    expect(await read(".gitignore")).toBe("node_modules\n.fermata/\n");
    // It is shown, and secrets are not.
    expect(said).toContain("+++ src/fermata.ts (new)");
    expect(said).toContain("+ FERMATA_SECRET=…");
    expect(said).not.toContain("shop:secret");

    const again = await run("init --json");
    expect(again.code).toBe(0);
    expect(JSON.parse(again.said)).toEqual({
      written: false,
      files: [],
      byHand: [],
      signIn: "better-auth",
    });
  });

  test("writes a schema that Prisma takes, with a relation to a file", async () => {
    await write(shop);
    await run("init --yes");
    const schema = await read("prisma/schema.prisma");
    const fermata = await read("prisma/fermata.prisma");
    await write({
      "prisma/schema.prisma": schema.replace(
        "  state State\n",
        "  state State\n  pdfId String?\n  pdf   File?  @relation(fields: [pdfId], references: [id])\n",
      ),
      "prisma/fermata.prisma": fermata.replace(
        "model File {\n",
        "model File {\n  invoices Invoice[]\n",
      ),
    });
    const modules = fileURLToPath(new URL("../node_modules", import.meta.url));
    await symlink(modules, join(cwd, "node_modules"));
    const prisma = join(modules, "prisma/build/index.js");
    const env = {
      ...process.env,
      CHECKPOINT_DISABLE: "1",
      // Any file that exists keeps the tool from fetching its engine, which the generator does not need.
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    };
    await promisify(execFile)(process.execPath, [prisma, "generate"], { cwd, env });
    expect(await read("generated/models/Invoice.ts")).toContain("pdf?: ");
  });

  test("asks before it writes, and writes nothing where it is told so", async () => {
    await write(shop);
    expect((await run("init", false)).code).toBe(0);
    expect((await run("init --dry-run")).said).toContain("+++ src/fermata.ts (new)");
    const nobody = await run("init");
    expect(nobody).toMatchObject({ code: 2, failed: expect.stringContaining("--yes") });
    await expect(read("src/fermata.ts")).rejects.toThrow("ENOENT");
    expect(await read("next.config.ts")).toBe(shop["next.config.ts"]);
    expect((await run("init", true)).code).toBe(0);
    expect(await read("src/fermata.ts")).toContain("createFermataServer");
  });

  test("leaves alone what is there, and says what it cannot change by itself", async () => {
    await write({
      ...shop,
      "src/fermata.ts": "// mine\n",
      "src/app/api/fermata/[...path]/route.ts": "// mine, too\n",
      "next.config.ts": "export default withPlugins({});\n",
      "prisma.config.ts":
        'import { defineConfig } from "prisma/config";\nexport default defineConfig({ schema: "prisma", tables: { external: ["a.B"] } });\n',
    });
    const { said } = await run("init --yes");
    expect(await read("src/fermata.ts")).toBe("// mine\n");
    expect(await read("src/app/api/fermata/[...path]/route.ts")).toBe("// mine, too\n");
    expect(await read("next.config.ts")).toBe("export default withPlugins({});\n");
    expect(said).toContain("By hand: In next.config.ts");
    expect(said).toContain("By hand: In prisma.config.ts");
  });

  test.each([
    [{ "next-auth": "^4.24.0" }, "next-auth-4", "getServerSession(authOptions)"],
    [{ "next-auth": "^4" }, "next-auth-4", "getServerSession(authOptions)"],
    [{ "next-auth": "5.0.0-beta.25" }, "next-auth", "await auth()"],
    [{ "@clerk/nextjs": "^6" }, "clerk", "orgId"],
    [{ hono: "^4" }, "unknown", "Your sign-in says it"],
  ])("knows a sign-in by %o", async (dependencies, signIn, code) => {
    await write({ "package.json": manifest(dependencies) });
    const { said } = await run("init --yes --json");
    expect(JSON.parse(said).signIn).toBe(signIn);
    expect(await read("fermata.ts")).toContain(code);
  });

  test("says that there is no app", async () => {
    expect(await run("init")).toMatchObject({
      code: 2,
      failed: expect.stringContaining("package.json"),
    });
  });
});

describe("on an app's own server", () => {
  const server = `
import { owner } from "@/owner";
export const fermata = {
  handler() {},
  async migrate() { return { applied: [process.env.APP_MIGRATION as string] }; },
  async check() { return [{ name: "database", ok: true }, owner]; },
  async close() {},
};
`;
  const owner = (finding: object) => `export const owner = ${JSON.stringify(finding)};\n`;
  const app = {
    "package.json": manifest({}),
    "tsconfig.json": `{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }`,
    ".env": "APP_MIGRATION=20260101_first\n",
    "src/fermata.ts": server,
    "src/owner.ts": owner({ name: "owner Invoice.pdfId", ok: false, remedy: "ALTER TABLE …;" }),
  };

  test("migrates and examines, in words and as JSON", async () => {
    await write(app);
    expect(await run("migrate --json")).toMatchObject({
      code: 0,
      said: `{"applied":["20260101_first"]}`,
    });
    expect(await run("doctor")).toMatchObject({
      code: 1,
      said: "ok    database\nmend  owner Invoice.pdfId\n      ALTER TABLE …;",
    });
    await write({ "src/owner.ts": owner({ name: "owner Invoice.pdfId", ok: true }) });
    const { code, said } = await run("doctor --app src/fermata.ts --json");
    expect({ code, ok: JSON.parse(said).ok }).toEqual({ code: 0, ok: true });
  });

  test.each([
    ["no file", {}, "", 2, "createFermataServer"],
    ["another file", {}, "--app src/nothing.ts", 2, "src/nothing.ts"],
    ["nothing exported", { "fermata.ts": "export const a = 1;" }, "", 2, "exports nothing"],
    [
      "a file that throws",
      { "fermata.ts": "throw new Error('Set FERMATA_SECRET.')" },
      "",
      1,
      "Set FERMATA_SECRET.",
    ],
  ])("says what is the matter: %s", async (_, files, options, code, words) => {
    await write({ "package.json": manifest({}), ...files });
    expect(await run(`doctor ${options}`)).toMatchObject({
      code,
      failed: expect.stringContaining(words),
    });
  });
});

test.each([
  ["--help", 0, "doctor"],
  ["--version", 0, "0.1.0"],
  ["init --help", 0, "--dry-run"],
  ["", 2, "Usage: fermata"],
])("%j is understood", async (args, code, words) => {
  const { code: ended, said } = await run(args);
  expect({ ended, said }).toEqual({ ended: code, said: expect.stringContaining(words) });
});

test.each(["nonsense", "init --nonsense", "doctor --app"])("%j is not", async (args) => {
  expect(await run(args)).toMatchObject({ code: 2, failed: expect.stringContaining("error: ") });
});

test("pages of a checkout that is not built are named", async () => {
  expect(await run("console --pages .")).toMatchObject({
    code: 2,
    failed: expect.stringContaining("build Fermata in"),
  });
});
