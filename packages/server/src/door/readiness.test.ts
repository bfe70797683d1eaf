import { expect, onTestFinished, test } from "vitest";
import { browserOf, openHostLab } from "../testing/host-lab";
import { startSilencer } from "../testing/start-silencer";

test("a PostgreSQL that hangs is told in time, and whoever asks again takes no further connections", async () => {
  const lab = await openHostLab();
  const line = await startSilencer(lab.url);
  onTestFinished(async () => {
    line.thaw();
    await lab.close();
    await line.stop();
  });
  const fermata = lab.mount({ url: line.url });
  await fermata.migrate();
  const look = async () => {
    const began = performance.now();
    const { status, body } = await browserOf(fermata).ask("ready");
    const failed = body.checks.filter(({ ok }: { ok: boolean }) => !ok);
    const names = failed.map(({ name }: { name: string }) => name);
    return { status, names, tookMs: performance.now() - began };
  };
  expect((await look()).status).toBe(200);

  line.freeze();
  const before = line.connectionsMade;
  for (const round of [1, 2]) {
    const looks = await Promise.all(Array.from({ length: 20 }, look));
    for (const { status, names, tookMs } of looks) {
      expect({ round, status }).toEqual({ round, status: 503 });
      expect(names).toEqual(["database", "migrations", "jobs"]);
      expect(tookMs).toBeLessThan(5_000);
    }
  }
  // Those of one look: a few of the pool's, and the one of the migrations.
  expect(line.connectionsMade - before).toBeLessThanOrEqual(8);

  line.thaw();
  await expect.poll(async () => (await look()).status, { timeout: 20_000 }).toBe(200);
}, 60_000);
