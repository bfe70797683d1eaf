import pg from "pg";
import { expect, test } from "vitest";
import { BorrowedPool } from "../ground/borrowed-pool";
import { AppError } from "../ground/errors";
import { silentLog } from "../testing/silent-log";
import { InFlight, type Leave, type Rank } from "./in-flight";

/** One connection: eight slots, and sixteen places to wait in. Time stands still unless a test moves it. */
function setUp() {
  const pool = { waitingCount: 0, options: { max: 1 } };
  const time = { nowMs: 0 };
  const warnings: object[] = [];
  const log = { ...silentLog, warn: (facts: object) => void warnings.push(facts) };
  const inFlight = new InFlight({ pool, log, nowMs: () => time.nowMs });
  const leaves: Leave[] = [];
  const fill = (count = 8) => {
    for (let i = 0; i < count; i++) leaves.push(inFlight.enter("anybody") as Leave);
  };
  return { inFlight, pool, time, warnings, leaves, fill };
}

/** How a request fares: what it became stands in `outcomes`. */
function send(inFlight: InFlight, rank: Rank, outcomes: string[], name: string = rank): void {
  try {
    const entered = inFlight.enter(rank);
    if (!(entered instanceof Promise)) return void outcomes.push(`${name} started`);
    entered.then(
      () => outcomes.push(`${name} started`),
      (error: AppError) => outcomes.push(`${name} refused ${error.httpStatus}`),
    );
  } catch (error) {
    outcomes.push(`${name} refused ${(error as AppError).httpStatus}`);
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("eight at work for each connection, sixteen wait, and the next is refused at once", async () => {
  const { inFlight, fill } = setUp();
  fill();
  const outcomes: string[] = [];
  for (let i = 0; i < 20; i++) send(inFlight, "anybody", outcomes);
  await settled();
  expect(outcomes).toEqual(Array(4).fill("anybody refused 503"));
  expect(inFlight.figures).toEqual({ slots: 8, running: 8, waiting: 16, refused: 4 });
});

test("each one who leaves lets one in, the known first, in the order of their coming", async () => {
  const { inFlight, fill, leaves } = setUp();
  fill();
  const outcomes: string[] = [];
  send(inFlight, "anybody", outcomes);
  send(inFlight, "claimed", outcomes);
  send(inFlight, "known", outcomes, "first known");
  send(inFlight, "known", outcomes, "second known");
  for (const leave of leaves.slice(0, 4)) {
    leave();
    leave();
  }
  await settled();
  expect(outcomes).toEqual([
    "first known started",
    "second known started",
    "claimed started",
    "anybody started",
  ]);
  expect(inFlight.figures).toMatchObject({ running: 8, waiting: 0 });
});

test("who is known takes the place of the last of the others, and nobody takes theirs", async () => {
  const { inFlight, fill } = setUp();
  fill();
  const outcomes: string[] = [];
  for (let i = 0; i < 8; i++) send(inFlight, "anybody", outcomes, `anybody ${i}`);
  for (let i = 0; i < 8; i++) send(inFlight, "claimed", outcomes, `claimed ${i}`);
  for (let i = 0; i < 9; i++) send(inFlight, "known", outcomes, `known ${i}`);
  send(inFlight, "anybody", outcomes, "late");
  await settled();
  expect(outcomes).toEqual([
    "late refused 503",
    ...[7, 6, 5, 4, 3, 2, 1, 0].map((i) => `anybody ${i} refused 503`),
    "claimed 7 refused 503",
  ]);
});

test("a refusal says when to come back: in one to three seconds", () => {
  const { inFlight, fill } = setUp();
  fill();
  const asked = new Set<number | null>();
  for (let i = 0; i < 16; i++) inFlight.enter("anybody") as Promise<Leave>;
  for (let i = 0; i < 200; i++) {
    try {
      void inFlight.enter("anybody");
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).details).toMatchObject({ service: "server", reason: "busy" });
      asked.add((error as AppError).retryAfterSeconds);
    }
  }
  expect([...asked].sort()).toEqual([1, 2, 3]);
});

test("nobody is let in while statements queue up for connections, but one", async () => {
  const { inFlight, pool } = setUp();
  pool.waitingCount = 3;
  const outcomes: string[] = [];
  send(inFlight, "known", outcomes);
  send(inFlight, "known", outcomes);
  await settled();
  expect(inFlight.figures).toMatchObject({ running: 1, waiting: 1 });
  pool.waitingCount = 2;
  await expect.poll(() => outcomes).toEqual(["known started", "known started"]);
});

test("a slot is held for a second at most, and who waited for one is refused", async () => {
  const { inFlight, fill, time } = setUp();
  fill();
  const outcomes: string[] = [];
  time.nowMs = 500;
  send(inFlight, "anybody", outcomes, "in time");
  time.nowMs = 1_001;
  await expect.poll(() => outcomes).toEqual(["in time started"]);

  fill(7);
  send(inFlight, "anybody", outcomes, "late");
  time.nowMs = 2_001;
  await expect.poll(() => outcomes).toEqual(["in time started", "late refused 503"]);
});

test("says once a minute how many were refused", () => {
  const { inFlight, fill, time, warnings } = setUp();
  fill();
  for (let i = 0; i < 16; i++) (inFlight.enter("anybody") as Promise<Leave>).catch(() => {});
  const refuse = () => expect(() => inFlight.enter("anybody")).toThrow(AppError);
  for (let i = 0; i < 50; i++) refuse();
  time.nowMs = 60_000;
  refuse();
  expect(warnings).toEqual([
    expect.objectContaining({ refused: 1 }),
    expect.objectContaining({ refused: 50 }),
  ]);
});

test("remembers the credentials that were good lately, and not for ever", () => {
  const { inFlight } = setUp();
  inFlight.remember("Bearer maja");
  for (let i = 0; i < 5_000; i++) inFlight.remember(`Bearer ${i}`);
  expect(inFlight.isKnown("Bearer maja")).toBe(true);
  for (let i = 5_000; i < 11_000; i++) inFlight.remember(`Bearer ${i}`);
  expect(inFlight.isKnown("Bearer maja")).toBe(false);
  expect(inFlight.isKnown("Bearer 10999")).toBe(true);
  inFlight.remember("x".repeat(5_000));
  expect(inFlight.isKnown("x".repeat(5_000))).toBe(false);
});

test("of an app's own pool it is counted as of ours", async () => {
  const theirs = new pg.Pool({ max: 3 });
  const pool = new BorrowedPool(theirs, "fermata");
  const inFlight = new InFlight({ pool, log: silentLog });
  expect(inFlight.slots).toBe(24);
  Object.defineProperty(theirs, "waitingCount", { value: 7 });
  const leave = inFlight.enter("known") as Leave;
  expect(leave).toBeTypeOf("function");
  const waiting = inFlight.enter("known");
  expect(waiting).toBeInstanceOf(Promise);
  leave();
  await waiting;
});
