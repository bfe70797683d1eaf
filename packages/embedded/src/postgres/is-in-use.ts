import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** A session whose client said goodbye is listed until its process has ended, which a busy machine delays. */
const goodbyeMs = 2_000;
const pollMs = 50;

/**
 * Whether anybody but this process is connected to the server. A server that is down has no users.
 * Close your own connections first: those that are younger than this process get the time to end.
 */
export async function isInUse(url: string): Promise<boolean> {
  // One that hangs keeps nobody from leaving.
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  // A server that goes away now would otherwise end this process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    for (let waitedMs = 0; waitedMs < goodbyeMs; waitedMs += pollMs) {
      const { any, elder } = await otherSessions(client);
      if (!any || elder) return any;
      await sleep(pollMs);
    }
    return true;
  } catch (error) {
    // Out of connections, hence in use.
    return (error as { code?: string }).code === "53300";
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Those beside the asker's; `elder` ones were there before this process, so they are not its own. */
async function otherSessions(client: Client): Promise<{ any: boolean; elder: boolean }> {
  const { rows } = await client.query<{ any: boolean; elder: boolean }>(
    `SELECT count(*) > 0 AS "any",
            coalesce(bool_or(backend_start < now() - make_interval(secs => $1)), false) AS elder
     FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    [process.uptime()],
  );
  return rows[0] ?? { any: false, elder: false };
}
