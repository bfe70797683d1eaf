import type { Services } from "../context";

/** Deletes what was counted in windows that are over. */
export async function purgeRateLimits({
  pool,
  clock,
}: Pick<Services, "pool" | "clock">): Promise<number> {
  const { rowCount } = await pool.query({
    text: 'DELETE FROM "RateLimit" WHERE "expire" < $1',
    values: [clock.now().getTime()],
  });
  return rowCount ?? 0;
}
