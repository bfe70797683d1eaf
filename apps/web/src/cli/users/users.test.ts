import { afterAll, beforeAll, expect, test } from "vitest";
import type { Composition } from "../../server";
import { createUser } from "../../studio/auth/create-user";
import type { RequestContext } from "../../studio/context";
import { openTestComposition } from "../../testing/test-composition";
import { runCommandLine } from "../run-command-line";

const account = { email: "ada@example.com", password: "a password that only tests know" };
let composition: Composition;
let token: string;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ composition, close } = await openTestComposition());
  const ctx = { ...composition.services, origin: "http://fermata.test" } as RequestContext;
  await createUser(ctx, { ...account, role: "admin" });
  token = (await run(["token"], [account.email, account.password])).out[0] ?? "";
});
afterAll(async () => {
  await close();
});

async function run(args: string[], answers?: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(
    args,
    {
      cwd: ".",
      env: { FERMATA_URL: "http://fermata.test", ...(answers ? {} : { FERMATA_TOKEN: token }) },
      print: (text) => out.push(text),
      printError: (text) => err.push(text),
      ask: answers ? async () => answers.shift() ?? "" : null,
      progress: null,
      width: 200,
    },
    { fetch: (input, init) => composition.api(new Request(input, init)) },
  );
  return { code, out, err };
}

test("the life of an account, from the terminal", async () => {
  const first = await run(["users", "invite", "ben@example.com"]);
  expect(first.out[0]).toMatch(/^http:\/\/fermata\.test\/invite\?token=fmx_/);
  const again = await run(["users", "invite", "Ben@example.com"]);
  expect(again.out[0]).not.toBe(first.out[0]);
  expect((await run(["users", "list"])).out.join("\n")).toMatch(
    /ben@example\.com +member +invited/,
  );

  expect((await run(["users", "role", "ben@example.com", "admin"])).out).toEqual([
    "ben@example.com is admin now.",
  ]);
  expect((await run(["users", "disable", "ben@example.com"])).code).toBe(0);
  expect((await run(["users", "list"])).out.join("\n")).toMatch(
    /ben@example\.com +admin +disabled/,
  );
  expect((await run(["users", "disable", account.email])).err[0]).toMatch(
    /^CONFLICT: .*another|^CONFLICT: /,
  );
  expect((await run(["users", "enable", "ben@example.com"])).code).toBe(0);
  expect((await run(["users", "reset-link", "ben@example.com"])).out[0]).toContain(
    "/invite?token=",
  );

  const asked = await run(["users", "remove", "ben@example.com"]);
  expect(asked.out[0]).toMatch(/0 files[\s\S]*Nothing was removed/);
  expect((await run(["users", "remove", "ben@example.com", "--delete"])).out).toEqual([
    "ben@example.com is removed.",
  ]);
  expect(await run(["users", "reset-link", "ben@example.com"])).toMatchObject({ code: 2 });
});
