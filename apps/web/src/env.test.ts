import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EnvError, parseEnv, variables } from "./env";

const required = {
  DATABASE_URL: "postgresql://localhost/fermata",
  FERMATA_SECRET: "s".repeat(32),
  NEXTAUTH_SECRET: "n".repeat(32),
};

function refusal(env: Record<string, string | undefined>): string {
  try {
    parseEnv({ ...required, ...env });
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  throw new Error("the environment was accepted");
}

const read = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");
const names = variables.map((variable) => variable.name);

test("what must be set suffices", () => {
  expect(parseEnv(required)).toMatchObject({ PORT: 3000, HOST: "127.0.0.1", S3_REGION: "auto" });
});

test("a missing variable is named, with its purpose and an example", () => {
  const message = refusal({ DATABASE_URL: undefined });
  expect(message).toContain("DATABASE_URL is missing");
  expect(message).toContain("Your PostgreSQL");
  expect(message).toContain("For example: DATABASE_URL=postgresql://");
});

test.each([
  ["PORT", "eighty"],
  ["DATABASE_URL", "mysql://localhost/fermata"],
  ["FERMATA_SECRET", "short"],
  ["FERMATA_ALLOWED_ORIGINS", "not an origin"],
  ["FERMATA_PUBLIC_URL", "studio.example.com"],
  ["S3_ENDPOINT", "r2"],
])("a malformed %s is named", (name, value) => {
  expect(refusal({ [name]: value })).toContain(`${name} does not fit`);
});

test("an empty value counts as none", () => {
  expect(parseEnv({ ...required, PORT: "", S3_ENDPOINT: "" })).toMatchObject({ PORT: 3000 });
});

test("half a group of variables is refused, naming the missing half", () => {
  const message = refusal({ CLOUDFLARE_TURN_KEY_ID: "key" });
  expect(message).toContain("CLOUDFLARE_TURN_API_TOKEN is missing; CLOUDFLARE_TURN_KEY_ID is set");
});

test("unsigned calls from an Inngest dev server are refused in production", () => {
  expect(refusal({ INNGEST_DEV: "1", NODE_ENV: "production" })).toContain("INNGEST_DEV");
  expect(parseEnv({ ...required, INNGEST_DEV: "1", NODE_ENV: "development" }).INNGEST_DEV).toBe(
    true,
  );
});

test("allowed origins are origins, whatever path was written behind them", () => {
  const { FERMATA_ALLOWED_ORIGINS } = parseEnv({
    ...required,
    FERMATA_ALLOWED_ORIGINS: "https://a.example/path, http://localhost:5173",
  });
  expect(FERMATA_ALLOWED_ORIGINS).toEqual(["https://a.example", "http://localhost:5173"]);
});

test(".env.example lists the same variables, in the same order", () => {
  const listed = [...read(".env.example").matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect(listed).toEqual(names);
});

test("turbo.json passes the same variables on", () => {
  const { globalPassThroughEnv } = JSON.parse(read("turbo.json"));
  expect(globalPassThroughEnv.toSorted()).toEqual(names.toSorted());
});
