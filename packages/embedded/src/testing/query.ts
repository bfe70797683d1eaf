import type { QueryResultRow } from "pg";
import { withAdmin } from "./with-admin";

/** One statement on a connection of its own. */
export async function query<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  return withAdmin(url, async (client) => (await client.query<Row>(sql)).rows);
}
