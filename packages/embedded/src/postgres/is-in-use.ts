import { Client } from "pg";

/** Whether anybody but the asker is connected to the server. A server that is down has no users. */
export async function isInUse(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  // A server that goes away now would otherwise end this process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ used: boolean }>(
      `SELECT count(*) > 0 AS used FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    return rows[0]?.used ?? false;
  } catch (error) {
    // Out of connections, hence in use.
    return (error as { code?: string }).code === "53300";
  } finally {
    await client.end().catch(() => undefined);
  }
}
