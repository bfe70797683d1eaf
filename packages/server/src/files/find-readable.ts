import type { Pool } from "pg";
import type { Services } from "../context";
import { instrumentOf } from "./public-viewer";

/** What serving a file needs of its row. */
export interface ReadableFile {
  id: string;
  filename: string | null;
  objectKey: string;
  sizeBytes: number;
  contentType: string | null;
  sha256: string | null;
  width: number | null;
}

interface Lookup {
  storageId: string;
  viewerId: string;
  resolve(file: ReadableFile | null): void;
  reject(error: unknown): void;
}

const lookupsAtOnce = 500;
/** Two, so that one is answered while the other is asked. */
const statementsAtOnce = 2;

/**
 * A URL must end within a second of the file or of the right to it. Until then the same answer serves again, so that a
 * picture that is on many screens does not cost a statement each time.
 */
const freshMs = 250;
const answersKept = 10_000;

/**
 * Looks rows up together: whatever is asked for while statements are under way goes into the next. An answer holds for
 * `freshMs`, and in this process no longer than until something is taken away.
 */
class Lookups {
  readonly #pool: Pool;
  #fresh = new Map<string, { file: ReadableFile; until: number }>();
  #waiting: Lookup[] = [];
  #running = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
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
    const file = await this.#ask(storageId, viewerId);
    if (fresh.size >= answersKept) fresh.clear();
    if (file) fresh.set(key, { file, until: askedAt + freshMs });
    else fresh.delete(key);
    return file;
  }

  #ask(storageId: string, viewerId: string): Promise<ReadableFile | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ storageId, viewerId, resolve, reject });
      if (this.#running < statementsAtOnce) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running++;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, lookupsAtOnce);
      try {
        const rows = await this.#query(batch);
        const byIndex = new Map(rows.map((row) => [row.index, row]));
        for (const [index, { resolve }] of batch.entries()) resolve(byIndex.get(index) ?? null);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running--;
  }

  async #query(batch: Lookup[]): Promise<(ReadableFile & { index: number })[]> {
    const { rows } = await this.#pool.query<ReadableFile & { index: number }>({
      name: "find readable files",
      text: `SELECT w."n"::int - 1 AS "index", f."id", f."filename", f."objectKey", f."sizeBytes", f."contentType",
          f."sha256", f."width"
        FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w("id", "viewer", "instrument", "n")
        JOIN "File" f ON f."id" = w."id" AND f."status" = 'ready'
        WHERE f."uploaderId" = w."viewer" OR EXISTS (
          SELECT 1 FROM "InstrumentAttachment" a JOIN "Instrument" i ON i."id" = a."instrumentId"
          WHERE a."fileId" = f."id" AND i."id" = w."instrument" AND i."publishedAt" IS NOT NULL)`,
      values: [
        batch.map(({ storageId }) => storageId),
        batch.map(({ viewerId }) => viewerId),
        batch.map(({ viewerId }) => instrumentOf(viewerId)),
      ],
    });
    return rows;
  }
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
