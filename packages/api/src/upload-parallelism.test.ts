import { expect, test } from "vitest";
import { Parallelism } from "./upload-parallelism";

/** Runs parts one span after the other, on a network that carries `speedAt(limit)` bytes a second. */
function drive(
  parallelism: Parallelism,
  speedAt: (limit: number) => number,
  clock: { ms: number },
) {
  const limits: number[] = [];
  const gate: (() => void)[] = [];
  let waiting = 0;
  const fly = () => {
    waiting++;
    void parallelism.run(undefined, async (sent) => {
      waiting--;
      await new Promise<void>((resolve) => gate.push(resolve));
      clock.ms += 1_000_000 / speedAt(parallelism.limit);
      sent(1000);
      parallelism.succeeded();
    });
  };
  return {
    limits,
    async spans(count: number) {
      for (let span = 0; span < count; span++) {
        const { limit } = parallelism;
        for (let part = 0; part < 2 * limit; part++) {
          // Others always wait.
          while (waiting < 2) {
            fly();
            await tick();
          }
          gate.shift()?.();
          await tick();
        }
        limits.push(parallelism.limit);
      }
    },
  };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test("takes one part more while that makes it faster, within its bounds", async () => {
  const clock = { ms: 0 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  const network = drive(parallelism, (limit) => limit * 100_000, clock);
  await network.spans(5);
  expect(network.limits).toEqual([5, 6, 6, 6, 6]);
});

test("takes the part back that brought nothing, and tries again only later", async () => {
  const clock = { ms: 0 };
  const parallelism = new Parallelism({ start: 4, most: 16 }, () => clock.ms);
  const network = drive(parallelism, () => 500_000, clock);
  await network.spans(8);
  expect(network.limits).toEqual([5, 4, 4, 4, 4, 4, 4, 4]);
});

test("halves when the store fails, once for what fails together, and never below one", () => {
  const clock = { ms: 5000 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  parallelism.failed();
  parallelism.failed();
  expect(parallelism.limit).toBe(2);
  for (let burst = 0; burst < 5; burst++) {
    clock.ms += 2000;
    parallelism.failed();
  }
  expect(parallelism.limit).toBe(1);
});

test("lets no more in than its limit, in the order in which they came", async () => {
  const parallelism = new Parallelism({ start: 2, most: 2 });
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  const jobs = [0, 1, 2, 3].map((name) =>
    parallelism.run(undefined, () => {
      entered.push(name);
      return new Promise<void>((resolve) => leave.push(resolve));
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toEqual([0, 1]);
  leave.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(entered).toEqual([0, 1, 2]);
  leave.shift()?.();
  leave.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  leave.shift()?.();
  await Promise.all(jobs);
  expect(entered).toEqual([0, 1, 2, 3]);
});

test("one that is aborted while it waits takes no place", async () => {
  const parallelism = new Parallelism({ start: 1, most: 1 });
  let leave = () => {};
  const first = parallelism.run(undefined, () => new Promise<void>((resolve) => (leave = resolve)));
  const aborter = new AbortController();
  const second = parallelism.run(aborter.signal, async () => "ran");
  const third = parallelism.run(undefined, async () => "ran");
  aborter.abort();
  await expect(second).rejects.toMatchObject({ code: "ABORTED" });
  leave();
  await first;
  expect(await third).toBe("ran");
});

test("flies one alone after connections broke, ever longer the more often they did", async () => {
  const clock = { ms: 5000 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  const network = drive(parallelism, (limit) => limit * 100_000, clock);
  parallelism.failed(1);
  await network.spans(2);
  clock.ms += 2000;
  parallelism.failed(1);
  await network.spans(3);
  expect(network.limits).toEqual([1, 2, 1, 1, 2]);
});

test("leaves two after a cut that cost little, and one where the parts begin again", () => {
  const clock = { ms: 5000 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  parallelism.failed(2);
  expect(parallelism.limit).toBe(2);
  clock.ms += 2000;
  parallelism.failed(1);
  expect(parallelism.limit).toBe(1);
  clock.ms += 2000;
  parallelism.failed(2);
  expect(parallelism.limit).toBe(1);
});

/** Files that take long, on a line that carries so many bytes a second of each of those that fly. */
function flySlowly(parallelism: Parallelism, clock: { ms: number }) {
  const files: { sent: (bytes: number) => void; bytes: number; end: () => void }[] = [];
  for (let file = 0; file < 40; file++) {
    void parallelism.run(
      undefined,
      (sent) => new Promise<void>((end) => files.push({ sent, bytes: 0, end })),
    );
  }
  return {
    flying: () => files.length,
    async pass(seconds: number, bytesOfEach: (flying: number) => number) {
      for (let tenth = 0; tenth < seconds * 10; tenth++) {
        clock.ms += 100;
        const bytes = bytesOfEach(files.length) / 10;
        for (const file of files) {
          file.bytes += bytes;
          file.sent(file.bytes);
        }
        await tick();
      }
    },
    async end() {
      files.shift()?.end();
      await tick();
    },
  };
}

test("on a line so slow that nothing is through, takes one more while they carry less than it once did", async () => {
  const clock = { ms: 0 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  const line = flySlowly(parallelism, clock);
  await tick();
  // What leaves at first fills buffers; then the line is full, until packets are lost.
  await line.pass(1.5, () => 300_000);
  await line.pass(3, () => 250_000);
  expect(parallelism.limit).toBe(4);
  const lossy = () => 150_000;
  await line.pass(1.5, lossy);
  expect(parallelism.limit).toBe(5);
  await line.pass(6, lossy);
  expect([parallelism.limit, line.flying()]).toEqual([6, 6]);
});

test("leaves connections to others on a slow line that is full", async () => {
  const clock = { ms: 0 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  const line = flySlowly(parallelism, clock);
  await tick();
  for (let second = 1; second <= 60; second++) {
    await line.pass(1, (flying) => 1_250_000 / flying);
    // One is through now and then.
    if (second % 3 === 0) await line.end();
    expect([parallelism.limit, line.flying()]).toEqual([4, 4]);
  }
});

test("the clock says nothing for a while after the store or a connection failed", async () => {
  const clock = { ms: 0 };
  const parallelism = new Parallelism({ start: 4, most: 6 }, () => clock.ms);
  const line = flySlowly(parallelism, clock);
  await tick();
  await line.pass(1.5, () => 300_000);
  await line.pass(1.5, () => 250_000);
  parallelism.failed();
  const lossy = () => 150_000;
  await line.pass(14, lossy);
  expect(parallelism.limit).toBe(2);
});

test("what is answered with a failure counts for nothing", async () => {
  const clock = { ms: 0 };
  const parallelism = new Parallelism({ start: 2, most: 6 }, () => clock.ms);
  const all = Array.from({ length: 100 }, () =>
    parallelism.run(undefined, async () => ({ status: 503 })),
  );
  await Promise.all(all);
  expect(parallelism.limit).toBe(2);
});
