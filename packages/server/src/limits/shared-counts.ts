import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { TokenBuckets } from "./token-buckets";

interface Told {
  buckets: TokenBuckets;
  key: string;
}

/** By the database's clock, which all processes share, and the same throughout a statement. */
const now = "(extract(epoch FROM statement_timestamp()) * 1000)::bigint";

/**
 * Tells other processes what was taken here, and hears what they let through. A bucket is one number in PostgreSQL: when
 * it will be full again. A request never waits for it: one statement is under way at a time, for all keys that took much
 * lately. Until it is over each process counts for itself, and so it does while the database is away.
 */
export class SharedCounts {
  #untold = new Map<string, Told>();
  #isTelling = false;

  constructor(private readonly pool: Pick<Pool, "query">) {}

  tell(limit: string, told: Told): void {
    this.#untold.set(rowKey(limit, told.key), told);
    if (!this.#isTelling) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    while (this.#untold.size > 0) {
      const untold = this.#untold;
      this.#untold = new Map();
      await this.#tellSome(untold);
    }
    this.#isTelling = false;
  }

  async #tellSome(untold: Map<string, Told>): Promise<void> {
    // In one order everywhere: two processes must not wait for each other's rows.
    const rows = [...untold].sort(([a], [b]) => (a < b ? -1 : 1));
    const spent = rows.map(([, { buckets, key }]) => buckets.untoldMs(key));
    try {
      const { rows: known } = await this.pool.query<{ key: string; fullInMs: number }>({
        name: "share counts of limits",
        text: `INSERT INTO "RateLimit" AS known ("key", "expire")
          SELECT told."key", ${now} + told."ms" FROM unnest($1::text[], $2::bigint[]) AS told("key", "ms")
          ON CONFLICT ("key") DO UPDATE
            SET "expire" = GREATEST(known."expire", ${now}) + excluded."expire" - ${now}
          RETURNING "key", ("expire" - ${now})::float8 AS "fullInMs"`,
        values: [rows.map(([key]) => key), spent],
      });
      const fullInMs = new Map(known.map((row) => [row.key, row.fullInMs]));
      rows.forEach(([row, { buckets, key }], index) => {
        buckets.hear(key, { toldMs: spent[index] ?? 0, fullInMs: fullInMs.get(row) ?? 0 });
      });
    } catch {
      // What was not told is told with what is taken next.
    }
  }
}

/** Keys may be addresses of people, and of any length: neither belongs into a table. */
function rowKey(limit: string, key: string): string {
  return `${limit}:${createHash("sha256").update(key).digest("base64url")}`;
}
