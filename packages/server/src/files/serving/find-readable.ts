import type { Pool } from "pg";
import type { Services } from "../../context";
import { SharedStatement } from "../../ground/shared-statement";
import { instrumentOf } from "./public-viewer";

/** What serving a file needs of its row. */
export interface ReadableFile {
  id: string;
  uploaderId: string;
  filename: string | null;
  objectKey: string;
  sizeBytes: number;
  contentType: string | null;
  sha256: string | null;
  width: number | null;
}

/**
 * A URL must end within a second of the file or of the right to it. Until then the same answer serves again, so that a
 * picture that is on many screens does not cost a statement each time.
 */
const freshMs = 250;
const answersKept = 10_000;

interface Lookup {
  storageId: string;
  viewerId: string;
}

/** An answer holds for `freshMs`, and in this process no longer than until something is taken away. */
class Lookups {
  readonly #statement: SharedStatement<Lookup, ReadableFile>;
  #fresh = new Map<string, { file: ReadableFile; until: number }>();

  constructor(pool: Pool) {
    this.#statement = new SharedStatement({
      // One is answered while the other is asked.
      atOnce: 2,
      most: 500,
      run: (lookups) => query(pool, lookups),
    });
  }

  /** What was taken away is not served again, nor what is being looked up in this moment. */
  forget(): void {
    this.#fresh = new Map();
  }

  async find(storageId: string, viewerId: string): Promise<ReadableFile | null> {
    const key = `${storageId} ${viewerId}`;
    const known = this.#fresh.get(key);
    if (known && performance.now() < known.until) return known.file;
    const fresh = this.#fresh;
    const askedAt = performance.now();
    const file = await this.#statement.ask({ storageId, viewerId });
    if (fresh.size >= answersKept) fresh.clear();
    if (file) fresh.set(key, { file, until: askedAt + freshMs });
    else fresh.delete(key);
    return file;
  }
}

async function query(pool: Pool, lookups: Lookup[]): Promise<(ReadableFile & { index: number })[]> {
  const { rows } = await pool.query<ReadableFile & { index: number }>({
    name: "find readable files",
    text: `SELECT w."n"::int - 1 AS "index", f."id", f."uploaderId", f."filename", f."objectKey", f."sizeBytes", f."contentType",
        f."sha256", f."width"
      FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w("id", "viewer", "instrument", "n")
      JOIN "File" f ON f."id" = w."id" AND f."status" = 'ready'
      WHERE f."uploaderId" = w."viewer" OR EXISTS (
        SELECT 1 FROM "InstrumentAttachment" a JOIN "Instrument" i ON i."id" = a."instrumentId"
        WHERE a."fileId" = f."id" AND i."id" = w."instrument" AND i."publishedAt" IS NOT NULL)`,
    values: [
      lookups.map(({ storageId }) => storageId),
      lookups.map(({ viewerId }) => viewerId),
      lookups.map(({ viewerId }) => instrumentOf(viewerId)),
    ],
  });
  return rows;
}

const lookupsOf = new WeakMap<Pool, Lookups>();

function lookupsFor({ pool }: Pick<Services, "pool">): Lookups {
  let lookups = lookupsOf.get(pool);
  if (!lookups) {
    lookups = new Lookups(pool);
    lookupsOf.set(pool, lookups);
  }
  return lookups;
}

/** A ready file, where the viewer might read it a quarter of a second ago; else null. */
export function findReadable(
  ctx: Pick<Services, "pool">,
  storageId: string,
  viewerId: string,
): Promise<ReadableFile | null> {
  return lookupsFor(ctx).find(storageId, viewerId);
}

/** To be called after the commit that took a file, its bytes or a right to it away: here its URLs end at once. */
export function forgetReadable(ctx: Pick<Services, "pool">): void {
  lookupsFor(ctx).forget();
}
