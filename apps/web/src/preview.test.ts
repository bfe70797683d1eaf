import { expect, test } from "vitest";
import { parseEnv } from "./env";

const required = {
  DATABASE_URL: "postgresql://localhost/fermata",
  FERMATA_SECRET: "s".repeat(32),
  NEXTAUTH_SECRET: "n".repeat(32),
};
const ofBranch = (branch: string) =>
  parseEnv({ ...required, VERCEL_ENV: "preview", VERCEL_GIT_COMMIT_REF: branch });

test("a preview has a schema and a folder by its branch", () => {
  const env = parseEnv({
    ...required,
    DATABASE_DIRECT_URL: "postgresql://direct/fermata?sslmode=require",
    S3_KEY_PREFIX: "studio/",
    VERCEL_ENV: "preview",
    VERCEL_GIT_COMMIT_REF: "feat/Blue_Keys",
  });
  const schema = new URL(env.DATABASE_URL).searchParams.get("schema");
  expect(schema).toMatch(/^preview_feat_blue_keys_[0-9a-f]{8}$/);
  const direct = new URL(env.DATABASE_DIRECT_URL ?? "");
  expect(direct.searchParams.get("schema")).toBe(schema);
  expect(direct.searchParams.get("sslmode")).toBe("require");
  expect(env.S3_KEY_PREFIX).toMatch(/^studio\/preview-feat-blue-keys-[0-9a-f]{8}\/$/);
});

test.each([
  ["feat/a", "feat-a"],
  ["x".repeat(80), `${"x".repeat(80)}y`],
  ["é", "è"],
])("branches %s and %s share nothing", (one, other) => {
  const [a, b] = [ofBranch(one), ofBranch(other)];
  expect(a.DATABASE_URL).not.toBe(b.DATABASE_URL);
  expect(a.S3_KEY_PREFIX).not.toBe(b.S3_KEY_PREFIX);
  const schema = new URL(a.DATABASE_URL).searchParams.get("schema") ?? "";
  expect(schema.length).toBeLessThanOrEqual(63);
});

test("production keeps to what it is given", () => {
  const env = parseEnv({ ...required, VERCEL_ENV: "production", VERCEL_GIT_COMMIT_REF: "main" });
  expect(env.DATABASE_URL).toBe(required.DATABASE_URL);
  expect(env.S3_KEY_PREFIX).toBeUndefined();
});

test("what is no address of a database is named", () => {
  expect(() =>
    parseEnv({
      ...required,
      DATABASE_URL: "nonsense",
      VERCEL_ENV: "preview",
      VERCEL_GIT_COMMIT_REF: "b",
    }),
  ).toThrow(/DATABASE_URL does not fit/);
});

test.each(["previews", "/previews/", "../"])("a folder called %s is refused", (folder) => {
  expect(() => parseEnv({ ...required, S3_KEY_PREFIX: folder })).toThrow(/S3_KEY_PREFIX/);
});
