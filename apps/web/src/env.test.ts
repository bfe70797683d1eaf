import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EnvError, parseEnv, requireStore } from "./env";
import { variables } from "./env-variables";

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
  ["DATABASE_URL", "postgresql://maja:w/rd#1@db.example.com/fermata"],
  ["DATABASE_URL", "postgresql://maja:50%off@db.example.com/fermata"],
  ["DATABASE_DIRECT_URL", "postgresql://maja:a?b@db.example.com/fermata"],
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

test("blanks and line breaks around a value are not meant", () => {
  const env = parseEnv({
    ...required,
    DATABASE_URL: ` ${required.DATABASE_URL}\n`,
    PORT: "\t4000 ",
    S3_ENDPOINT: "  ",
    FERMATA_ADMIN_PASSWORD: "Black-box-9-battery \r\n",
  });
  expect(env).toMatchObject({ DATABASE_URL: required.DATABASE_URL, PORT: 4000 });
  expect(env.S3_ENDPOINT).toBeUndefined();
  expect(env.FERMATA_ADMIN_PASSWORD).toBe("Black-box-9-battery ");
});

test.each([
  ["PORT", '"4000"'],
  ["FERMATA_SECRET", `'${"s".repeat(32)}'`],
  ["FERMATA_ADMIN_PASSWORD", '"Black-box-9-battery"'],
])("the quotes that a file of variables left around %s are named", (name, value) => {
  const message = refusal({ [name]: value });
  expect(message).toContain(`${name} stands in quotes`);
  expect(message).not.toContain("does not fit: ");
});

test("one bucket for what is public and what is private is refused", () => {
  const store = {
    S3_ENDPOINT: "https://s3.example.com",
    S3_ACCESS_KEY_ID: "id",
    S3_SECRET_ACCESS_KEY: "key",
    S3_PUBLIC_URL: "https://media.example.com",
    S3_PUBLIC_BUCKET: "studio",
  };
  expect(refusal({ ...store, S3_PRIVATE_BUCKET: "studio" })).toContain("is the public bucket");
  expect(() => parseEnv({ ...required, ...store, S3_PRIVATE_BUCKET: "own" })).not.toThrow();
});

test("the app's own origin is not the files' alone", () => {
  const url = "https://studio.example.com";
  const message = refusal({ FERMATA_PUBLIC_URL: `${url}/`, FERMATA_FILES_ORIGIN: url });
  expect(message).toContain("FERMATA_FILES_ORIGIN is FERMATA_PUBLIC_URL");
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

const eventKey = "its-event-key";
const signingKey = "signkey-prod-0123abcd";

test.each([
  [{ INNGEST_EVENT_KEY: eventKey }, "INNGEST_SIGNING_KEY is missing; INNGEST_EVENT_KEY is set"],
  [{ INNGEST_SIGNING_KEY: signingKey }, "INNGEST_EVENT_KEY is missing; INNGEST_SIGNING_KEY is set"],
  [{ INNGEST_BASE_URL: "http://127.0.0.1:8288" }, "INNGEST_EVENT_KEY is missing; INNGEST_BASE_URL"],
  [{ INNGEST_EVENT_KEY: signingKey, INNGEST_SIGNING_KEY: eventKey }, "INNGEST_EVENT_KEY holds a"],
  [{ INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: "signkey-prod-012" }, "an even number"],
  [{ INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: "signkey-prod-xyz0" }, "hexadecimal"],
  [{ INNGEST_APP_ID: "two words" }, "INNGEST_APP_ID does not fit"],
])("keys of Inngest that would run nothing are refused: %j", (env, message) => {
  expect(refusal(env)).toContain(message);
});

test("keys of Inngest that fit are taken, and the dev server needs none", () => {
  const keys = { INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey };
  expect(parseEnv({ ...required, ...keys })).toMatchObject({ INNGEST_APP_ID: "fermata" });
  expect(parseEnv({ ...required, ...keys, INNGEST_SIGNING_KEY: "0a1b" })).toBeTruthy();
  const dev = { NODE_ENV: "development", INNGEST_DEV: "1" };
  expect(parseEnv({ ...required, ...dev, INNGEST_BASE_URL: "http://127.0.0.1:9" })).toBeTruthy();
});

test("a second name means the first", () => {
  const env = parseEnv({
    ...required,
    CLOUDFLARE_TURN_TOKEN_ID: "key",
    CLOUDFLARE_TURN_API_TOKEN: "token",
    LARK_TOKEN: "1b2c-3d",
  });
  expect(env).toMatchObject({
    CLOUDFLARE_TURN_KEY_ID: "key",
    LARK_WEBHOOK_URL: "https://open.larksuite.com/open-apis/bot/v2/hook/1b2c-3d",
  });
});

test("two names of one thing may both be set when they say the same", () => {
  const turn = { CLOUDFLARE_TURN_API_TOKEN: "token", CLOUDFLARE_TURN_TOKEN_ID: "key" };
  expect(parseEnv({ ...required, ...turn, CLOUDFLARE_TURN_KEY_ID: "key" })).toBeTruthy();
  const feishu = "https://open.feishu.cn/open-apis/bot/v2/hook/1b2c";
  const lark = { LARK_TOKEN: "1b2c", LARK_WEBHOOK_URL: feishu };
  expect(parseEnv({ ...required, ...lark }).LARK_WEBHOOK_URL).toBe(feishu);

  expect(refusal({ ...turn, CLOUDFLARE_TURN_KEY_ID: "other" })).toContain(
    "CLOUDFLARE_TURN_TOKEN_ID says something else than CLOUDFLARE_TURN_KEY_ID",
  );
  expect(refusal({ ...lark, LARK_TOKEN: "9z" })).toContain(
    "LARK_TOKEN says something else than LARK_WEBHOOK_URL",
  );
  expect(refusal({ LARK_TOKEN: feishu })).toContain("LARK_TOKEN does not fit: the token alone");
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

test("a host without anything embedded needs a store, and is told of each variable", () => {
  expect(() => requireStore({})).toThrow(/S3_ENDPOINT is missing[\s\S]*S3_PUBLIC_URL is missing/);
  expect(() => requireStore({ FERMATA_DATA: "/data", VERCEL: "1" })).toThrow(/S3_ENDPOINT/);
  expect(() => requireStore({ FERMATA_DATA: "/data" })).not.toThrow();
  expect(() => requireStore({ S3_ENDPOINT: "https://s3.example.com" })).not.toThrow();
});
