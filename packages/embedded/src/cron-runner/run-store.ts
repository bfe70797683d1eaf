import { escapeIdentifier, type Pool } from "pg";
import type { RunnerEvent } from "./event-bus";
import { PRESENCE_LOCK_CLASS } from "./leader-campaign";
import type { Json } from "./sign-request";

/** An event that one function has to deal with. */
export interface Run {
  id: string;
  functionId: string;
  event: RunnerEvent;
  /** Null until it has something to remember. */
  state: RunState | null;
}

export interface RunState {
  /** The results of the steps that are through, as the SDK wants them back, and their order. */
  steps: Record<string, Json>;
  stack: string[];
  /** When the sleeps and waits that have begun are over, in milliseconds since 1970. */
  deadlines: Record<string, number>;
  /** The calls that failed and will be tried again. */
  retries: Record<string, { attempt: number; atMs: number }>;
  /** The runs of the functions that it invoked. */
  invocations: Record<string, string>;
  /** Of a batch: the events of the other runs, which this one deals with. */
  batch: RunnerEvent[];
}

export type RunEnd =
  | { status: "completed"; output: Json }
  | { status: "failed"; error: Json }
  | { status: "skipped" };

interface Row {
  id: string;
  function_id: string;
  event: RunnerEvent;
  state: RunState | null;
  result: RunEnd | null;
}

const makeTables = (schema: string) => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}.run (
    id text PRIMARY KEY,
    function_id text NOT NULL,
    event_id text NOT NULL,
    event json NOT NULL,
    due_at timestamptz NOT NULL,
    state json,
    owner integer,
    ended_at timestamptz,
    result json,
    UNIQUE (function_id, event_id)
  );
  CREATE INDEX IF NOT EXISTS run_open ON ${schema}.run (owner) WHERE ended_at IS NULL;
  CREATE INDEX IF NOT EXISTS run_ended ON ${schema}.run (ended_at);
  CREATE TABLE IF NOT EXISTS ${schema}.schedule (
    trigger text PRIMARY KEY,
    fired_at timestamptz NOT NULL
  );`;
const INSUFFICIENT_PRIVILEGE = "42501";
const TABLES_LOCK_ID = 72_707_373;
const PURGE_BATCH_ROWS = 5000;
const ADOPT_BATCH_ROWS = 1000;

// A run of one's own that is there already is given again: the answer to the first attempt may have been lost.
const insertInto = (schema: string) => `
  INSERT INTO ${schema}.run (id, function_id, event_id, event, due_at, owner)
  SELECT r->>'id', r->>'functionId', r->'event'->>'id', r->'event',
    to_timestamp((r->'event'->>'ts')::float8 / 1000), $2
  FROM json_array_elements($1::json) AS r
  ON CONFLICT (function_id, event_id) DO UPDATE SET owner = excluded.owner
    WHERE run.owner = excluded.owner AND run.ended_at IS NULL
  RETURNING id, function_id, event, state, result`;

/** What the runner must not forget, in tables of its own beside the application's. */
export class RunStore {
  readonly #schema: string;
  readonly #schemaName: string;

  /** @param schema of these tables, and of no others: each installation in a database has its own */
  constructor(
    readonly pool: Pool,
    /** This process: a lock of that number lives as long as it does. */
    readonly owner: number,
    schema: string,
  ) {
    this.#schema = escapeIdentifier(schema);
    this.#schemaName = schema;
  }

  /** Makes the tables unless they are there. @throws Error where the database's user may not */
  async prepare(): Promise<void> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      const { rows } = await client.query<{ are: boolean }>(
        "SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL AS are",
        [`${this.#schema}.run`, `${this.#schema}.schedule`],
      );
      if (rows[0]?.are) return;
      await client.query("BEGIN");
      // Of two processes that make the same table at once, one fails.
      await client.query("SELECT pg_advisory_xact_lock($1)", [TABLES_LOCK_ID]);
      await client.query(makeTables(this.#schema));
      await client.query("COMMIT");
    } catch (cause) {
      failure = cause as Error;
      if ((cause as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw cause;
      throw new Error(
        `The embedded cron runner cannot make its schema ${this.#schemaName}: GRANT CREATE ON DATABASE to the server's user, or set INNGEST_*.`,
        { cause },
      );
    } finally {
      client.release(failure);
    }
  }

  /** Writes runs down for this process. @returns those that nobody has had yet: an event comes to a function once */
  async insert(runs: Run[]): Promise<Run[]> {
    const { rows } = await this.pool.query<Row>({
      name: "runner-insert",
      text: insertInto(this.#schema),
      values: [JSON.stringify(runs), this.owner],
    });
    return rows.map(toRun);
  }

  /** The same for what triggers fired, with the instant up to which they have. */
  async insertFired(runs: Run[], firedAt: Map<string, Date>): Promise<Run[]> {
    const { rows } = await this.pool.query<Row>({
      name: "runner-fire",
      text: `WITH fired AS (
          INSERT INTO ${this.#schema}.schedule (trigger, fired_at)
          SELECT * FROM unnest($3::text[], $4::timestamptz[])
          ON CONFLICT (trigger) DO UPDATE SET fired_at = excluded.fired_at)
        ${insertInto(this.#schema)}`,
      values: [JSON.stringify(runs), this.owner, [...firedAt.keys()], [...firedAt.values()]],
    });
    return rows.map(toRun);
  }

  /** Takes an invoked run, new or left by a process that died. @returns its end instead where it is over */
  async take(run: Run): Promise<Run | RunEnd> {
    const { rows } = await this.pool.query<Row>(
      `INSERT INTO ${this.#schema}.run (id, function_id, event_id, event, due_at, owner)
       VALUES ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), $6)
       ON CONFLICT (function_id, event_id) DO UPDATE SET owner = excluded.owner
       RETURNING id, function_id, event, state, result`,
      [run.id, run.functionId, run.event.id, run.event, run.event.ts, this.owner],
    );
    const [row] = rows;
    return row?.result ?? (row ? toRun(row) : run);
  }

  /** @returns false when another process has taken the run over */
  async save(id: string, state: RunState): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: "runner-save",
      text: `UPDATE ${this.#schema}.run SET state = $2 WHERE id = $1 AND owner = $3 AND ended_at IS NULL`,
      values: [id, JSON.stringify(state), this.owner],
    });
    return rowCount === 1;
  }

  /** Ends stay for a day, since an event's id is taken once. The results are kept for those who invoked. */
  async end(ends: Map<string, RunEnd | null>, now: Date): Promise<void> {
    await this.pool.query({
      name: "runner-end",
      text: `UPDATE ${this.#schema}.run SET ended_at = $3, state = NULL, result = e.result
        FROM unnest($1::text[], $2::json[]) AS e(id, result) WHERE run.id = e.id`,
      values: [
        [...ends.keys()],
        [...ends.values()].map((end) => (end ? JSON.stringify(end) : null)),
        now,
      ],
    });
  }

  /** Takes runs that nobody has, and, where asked for, those of processes that died. */
  async adopt(functionIds: string[], options: { ofTheDead: boolean }): Promise<Run[]> {
    const { rows } = await this.pool.query<Row>(
      `UPDATE ${this.#schema}.run SET owner = $1 WHERE id = ANY(ARRAY(
         SELECT id FROM ${this.#schema}.run
         WHERE ended_at IS NULL AND function_id = ANY($2) AND (owner IS NULL OR $3 AND owner <> $1
           AND NOT EXISTS (SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
             WHERE locktype = 'advisory' AND d.datname = current_database()
               AND classid = $4::int8::oid AND objid = owner::int8::oid AND objsubid = 2))
         ORDER BY due_at LIMIT ${ADOPT_BATCH_ROWS} FOR UPDATE SKIP LOCKED))
       RETURNING id, function_id, event, state, result`,
      [this.owner, functionIds, options.ofTheDead, PRESENCE_LOCK_CLASS],
    );
    return rows.map(toRun);
  }

  /** Leaves what is not over to whoever keeps the schedule next. */
  async release(): Promise<void> {
    await this.pool.query(
      `UPDATE ${this.#schema}.run SET owner = NULL WHERE owner = $1 AND ended_at IS NULL`,
      [this.owner],
    );
  }

  async readSchedule(): Promise<Map<string, Date>> {
    const { rows } = await this.pool.query<{ trigger: string; fired_at: Date }>(
      `SELECT trigger, fired_at FROM ${this.#schema}.schedule`,
    );
    return new Map(rows.map(({ trigger, fired_at }) => [trigger, fired_at]));
  }

  async purgeEnded(before: Date, signal: AbortSignal): Promise<void> {
    for (let rows = PURGE_BATCH_ROWS; rows === PURGE_BATCH_ROWS && !signal.aborted; ) {
      const { rowCount } = await this.pool.query(
        `DELETE FROM ${this.#schema}.run WHERE ctid = ANY(ARRAY(
           SELECT ctid FROM ${this.#schema}.run WHERE ended_at < $1
           ORDER BY ended_at LIMIT ${PURGE_BATCH_ROWS} FOR UPDATE SKIP LOCKED))`,
        [before],
      );
      rows = rowCount ?? 0;
    }
  }
}

function toRun(row: Row): Run {
  return { id: row.id, functionId: row.function_id, event: row.event, state: row.state };
}
