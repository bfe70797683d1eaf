import type { Terminal } from "fermata/internal";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Composition } from "../server";
import { createUser } from "../studio/auth/create-user";
import type { RequestContext } from "../studio/context";
import { openTestComposition } from "../testing/test-composition";
import { runCommandLine } from "./run-command-line";

const account = { email: "ada@example.com", password: "a password that only tests know" };
let composition: Composition;
let token: string;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ composition, close } = await openTestComposition());
  const ctx = { ...composition.services, origin: "http://fermata.test" } as RequestContext;
  await createUser(ctx, { ...account, role: "admin" });
  token = (await run(["token"], { answers: [account.email, account.password] })).out[0] ?? "";
});

afterAll(async () => {
  await close();
});

async function run(
  args: string[],
  { answers, ...env }: { answers?: string[]; [name: string]: string | string[] | undefined } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const left = [...(answers ?? [])];
  const line: Terminal = {
    cwd: ".",
    env: { FERMATA_URL: "http://fermata.test", ...(env as Record<string, string>) },
    print: (text) => out.push(text),
    printError: (text) => err.push(text),
    ask: answers ? async () => left.shift() ?? "" : null,
    progress: null,
    width: 200,
  };
  const fetch: typeof globalThis.fetch = (input, init) => composition.api(new Request(input, init));
  return { code: await runCommandLine(args, line, { fetch }), out, err };
}

const asAdmin = (...args: string[]) => run(args, { FERMATA_TOKEN: token });

test("lists every job with its schedule in words", async () => {
  const { code, out } = await asAdmin("crons", "list");
  expect(code).toBe(0);
  expect(out[0]).toMatch(/^JOB +SCHEDULE +NEXT +LAST$/);
  expect(out[1]).toMatch(
    /^purge expired signaling +Every hour, on the hour +\S+:00:00Z +never ran$/,
  );
  expect(out.find((line) => line.startsWith("daily studio digest"))).toMatch(
    /disabled +Set LARK_WEBHOOK_URL/,
  );
  const json = await asAdmin("crons", "list", "--json");
  expect(JSON.parse(json.out[0] ?? "")[0]).toMatchObject({ name: "purge expired signaling" });
});

test("pauses and resumes a job by its name, quoted or not", async () => {
  expect(await asAdmin("crons", "pause", "purge", "expired", "signaling")).toMatchObject({
    code: 0,
    out: ['Paused "purge expired signaling".'],
  });
  expect((await asAdmin("crons", "list")).out[1]).toMatch(/on the hour +paused +never ran$/);
  expect((await asAdmin("crons", "resume", "purge expired signaling")).code).toBe(0);
});

test("runs a job, waits for its end, and shows its log and history", async () => {
  const { db, clock } = composition.services;
  const running = asAdmin("crons", "run", "purge expired signaling");
  await expect.poll(() => db.cronRun.count()).toBe(1);
  const line = { at: clock.now().toISOString(), level: "info", message: "a batch", details: "{}" };
  const [row] = await db.cronRun.findMany();
  await db.cronRun.updateMany({
    data: {
      status: "succeeded",
      finishedAt: new Date((row?.startedAt.getTime() ?? 0) + 1500),
      result: { deleted: 3 },
      log: { lines: [line], dropped: 4 },
    },
  });
  const { code, out } = await running;
  expect([code, out]).toEqual([
    0,
    [
      "  (4 older lines were not kept)",
      `  ${line.at} info  a batch {}`,
      'succeeded in 1.5 s {"deleted":3}',
    ],
  ]);
  const history = await asAdmin("crons", "history", "purge expired signaling");
  expect(history.out[1]).toContain(`${row?.id}  succeeded in 1.5 s {"deleted":3}`);
  const shown = await asAdmin("crons", "show", row?.id ?? "");
  expect(shown.out).toContain(`  ${line.at} info  a batch {}`);

  const failing = asAdmin("crons", "run", "purge expired signaling");
  await expect.poll(() => db.cronRun.count()).toBe(2);
  await db.cronRun.updateMany({
    where: { status: "running" },
    data: { status: "failed", finishedAt: clock.now(), error: "no\nluck" },
  });
  expect(await failing).toMatchObject({
    code: 1,
    out: [expect.stringMatching(/^failed in .*no luck$/)],
  });
});

test("a session that a command began ends with it", async () => {
  const before = await composition.services.db.session.count();
  const { code } = await run(["crons", "list"], { answers: [account.email, account.password] });
  expect(code).toBe(0);
  expect(await composition.services.db.session.count()).toBe(before);
});

test("says what is wrong: refused, unknown, not understood", async () => {
  expect(await run(["crons", "list"])).toMatchObject({
    code: 2,
    err: [expect.stringMatching(/FERMATA_TOKEN/)],
  });
  expect(await run(["crons", "list"], { FERMATA_TOKEN: "wrong" })).toMatchObject({
    code: 1,
    err: [expect.stringMatching(/^UNAUTHENTICATED: /)],
  });
  expect(await asAdmin("crons", "pause", "no such job")).toMatchObject({
    code: 1,
    err: [expect.stringMatching(/^NOT_FOUND: No job is called "no such job"/)],
  });
  for (const verb of ["run", "pause", "resume", "history"]) {
    const { code, err } = await asAdmin("crons", verb, "nonsense");
    expect(code).toBe(1);
    expect(err[0]).toMatch(/There are:\n {2}purge expired signaling\n/);
  }
  expect(await asAdmin("crons", "run", "daily studio digest")).toMatchObject({
    code: 1,
    err: [expect.stringMatching(/^CONFLICT: .*Set LARK_WEBHOOK_URL/)],
  });
  expect((await asAdmin("crons", "pause")).code).toBe(2);
  expect((await asAdmin("crons", "--nonsense")).code).toBe(2);
  expect(await run(["crons"])).toMatchObject({
    code: 2,
    err: [expect.stringMatching(/run \[options\] <name\.\.\.> +Runs a job now/)],
  });
});
