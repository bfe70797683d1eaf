import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestServices, jobContext, type TestServices } from "../testing/test-context";
import { deleteInBatches } from "./delete-in-batches";

let services: TestServices;
beforeEach(async () => {
  services = await createTestServices();
  await services.pool.query(`
    INSERT INTO "RoomSample" SELECT '', now() - n * interval '1 minute', 0, 0, 0, 0 FROM generate_series(1, 10) n`);
});
afterEach(() => services.dispose());

/** Makes every deletion the one that PostgreSQL gives up in a deadlock, until `times` have been. */
async function deadlock(times: number) {
  await services.pool.query(`
    CREATE SEQUENCE deadlocks;
    CREATE FUNCTION give_up() RETURNS trigger AS $$
    BEGIN
      IF nextval('deadlocks') <= ${times} THEN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END IF;
      RETURN NULL;
    END $$ LANGUAGE plpgsql;
    CREATE TRIGGER give_up AFTER DELETE ON "RoomSample" EXECUTE FUNCTION give_up()`);
}

const purge = (signal?: AbortSignal) =>
  deleteInBatches(
    { ...jobContext(services), ...(signal && { signal }) },
    { table: "RoomSample", before: new Date(), batchRows: 100 },
  );

test("a deletion that had to give way to another is tried again", async () => {
  await deadlock(3);
  expect(await purge()).toEqual({ deleted: 10, batches: 1 });
});

test("deadlocks without an end fail the job instead of keeping it", async () => {
  await deadlock(1_000_000);
  await expect(purge()).rejects.toMatchObject({ code: "40P01" });
  const { rows } = await services.pool.query(`SELECT last_value AS tried FROM deadlocks`);
  expect(Number(rows[0]?.tried)).toBe(5);
});

test("a job whose time is up does not try again", async () => {
  await deadlock(1_000_000);
  const stop = new AbortController();
  const query = services.pool.query.bind(services.pool);
  const pool = Object.assign(Object.create(services.pool), {
    query(...args: Parameters<typeof query>) {
      stop.abort();
      return query(...args);
    },
  });
  const ctx = { ...jobContext(services), pool, signal: stop.signal };
  const purging = deleteInBatches(ctx, { table: "RoomSample", before: new Date(), batchRows: 100 });
  await expect(purging).rejects.toMatchObject({ code: "40P01" });
  const { rows } = await services.pool.query(`SELECT last_value AS tried FROM deadlocks`);
  expect(Number(rows[0]?.tried)).toBe(1);
});
