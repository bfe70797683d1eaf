import { createHash } from "node:crypto";
import { type StormClient, send } from "./client";
import type { Installation } from "./installation";
import type { StormUser } from "./users";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const patienceMs = 60_000;

/** Brings to an end what the storm left in doubt, as users and jobs do by themselves in time. */
export async function settle(
  { sql, multiparts }: Installation,
  admin: StormClient,
  users: StormUser[],
): Promise<string[]> {
  for (const { client, ledger } of users) {
    // The newest 200 at a time.
    for (;;) {
      const asked = () => client.query("storage.listUnfinished");
      const { items } = await client.until(asked, patienceMs);
      if (items.length === 0) break;
      for (const { key } of items)
        await client.until(() => askAgain(client, "storage.abortUpload", { key }), patienceMs);
    }
    for (const storageId of ledger.doubtfulFiles) {
      // Gone already, where only the answer was lost.
      await client.until(() => askAgain(client, "files.delete", { storageId }), patienceMs);
      ledger.deletedFiles.add(storageId);
    }
    for (const key of ledger.doubtfulMedia) {
      await client.until(() => askAgain(client, "storage.delete", { key }), patienceMs);
      ledger.deletedMedia.add(key);
    }
  }
  const left = async () => {
    const [row] = await sql<{ outbox: number; running: number }>(
      `SELECT (SELECT count(*)::int FROM "Deletion" WHERE "deletedAt" IS NULL) AS outbox,
         (SELECT count(*)::int FROM "CronRun" WHERE "status" = 'running') +
         (SELECT count(*)::int FROM "QueuedJob" WHERE "status" = 'running') AS running`,
    );
    return row ?? { outbox: -1, running: -1 };
  };
  // Where a server died, or lost the database, between the store's answer and its row, only the daily sweep can know.
  const named = async () => {
    const rows = await sql<{ id: string }>(
      `SELECT "uploadId" AS id FROM "Media" UNION SELECT "uploadId" FROM "Deletion"`,
    );
    const known = new Set(rows.map(({ id }) => id));
    return multiparts.open().filter((id) => known.has(id));
  };
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { outbox, running } = await left();
    const parts = (await named()).length;
    if (outbox === 0 && running === 0 && parts === 0) return [];
    if (Date.now() > deadline) {
      return [
        `left: ${outbox} deletions in the outbox, ${running} jobs that run, ${parts} uploads in parts`,
      ];
    }
    // What was refused waits ever longer; here nobody has the time.
    await sql(`UPDATE "Deletion" SET "nextAttemptAt" = now() WHERE "deletedAt" IS NULL`);
    await admin.mutate("crons.trigger", { name: "delete released bytes" }).catch(() => null);
    await pause(1_000);
  }
}

async function askAgain(client: StormClient, path: string, input: object): Promise<void> {
  await client.mutate(path, input).catch((error: Error) => {
    if (!/^404/.test(error.message)) throw error;
  });
}

/** What must hold, exactly, after whatever happened. @returns what does not */
export async function violations(
  { sql, storedKeys }: Installation,
  users: StormUser[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { client, ledger } of users) {
    const read = async (what: string, url: string | null, sha256: string) => {
      if (url === null) return void found.push(`${what} was acknowledged and is gone`);
      const bytes = await client.until(() => send(url), patienceMs);
      if (createHash("sha256").update(bytes).digest("hex") !== sha256)
        found.push(`${what} has other bytes`);
    };
    for (const [storageId, sha256] of ledger.files) {
      const url = await client.query("files.getUrl", { storageId }).catch(() => null);
      await read(`file ${storageId}`, url, sha256);
    }
    for (const [key, sha256] of ledger.media) {
      const url = await client.query("storage.getUrl", { key }).catch(() => null);
      await read(`media ${key}`, url, sha256);
    }
    for (const storageId of ledger.deletedFiles) {
      if ((await client.query("files.getMetadata", { storageId })) !== null)
        found.push(`file ${storageId} was deleted and is there`);
    }
  }
  const deletedMedia = users.flatMap(({ ledger }) => [...ledger.deletedMedia]);

  const keys = new Map(
    [...(await storedKeys())]
      // Files share the private bucket, one level down.
      .map(([key, bytes]) => [key.replace(/^files\//, ""), bytes] as const)
      // The installation's own note, and what a killed server left of trying whether the store takes bytes: the sweep's.
      .filter(([key]) => key !== "fermata-installation.json" && !key.startsWith("doctor-")),
  );
  const rows = await sql<{ key: string; ready: boolean; bytes: number | null }>(
    `SELECT "objectKey" AS key, "status" = 'ready' AS ready, "sizeBytes"::int AS bytes FROM "File"
     UNION ALL SELECT "key", "status" = 'ready', "sizeBytes"::int FROM "Media"
     UNION ALL SELECT "objectKey", "readyAt" IS NOT NULL, "sizeBytes" FROM "FileVariant"
     UNION ALL SELECT "key", "readyAt" IS NOT NULL, "sizeBytes" FROM "MediaVariant"`,
  );
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  for (const { key, ready, bytes } of rows) {
    if (ready && keys.get(key) !== bytes)
      found.push(`row ${key} says ${bytes} bytes, the store has ${keys.get(key) ?? "none"}`);
  }
  for (const key of keys.keys()) {
    if (!rowOf.has(key)) found.push(`the store has ${key}, which no row names`);
  }
  for (const key of deletedMedia)
    if (rowOf.has(key)) found.push(`media ${key} was deleted and has a row`);

  const usage = await sql<{ userId: string; kind: string; said: string; sum: string }>(
    `SELECT u."userId", u."kind"::text, u."bytes"::text AS said, (CASE u."kind"::text
       WHEN 'files' THEN (SELECT coalesce(sum("sizeBytes"), 0) FROM "File" f
         WHERE f."uploaderId" = u."userId" AND f."status" IN ('pending', 'receiving', 'ready'))
       ELSE (SELECT coalesce(sum(CASE WHEN "status" = 'ready' THEN "sizeBytes" ELSE "reservedBytes" END), 0) FROM "Media" m
         WHERE m."userId" = u."userId" AND m."status" IN ('pending', 'ready')) END)::text AS sum
     FROM "Usage" u`,
  );
  for (const { userId, kind, said, sum } of usage) {
    if (said !== sum) found.push(`usage of ${kind} of ${userId}: ${said}, its rows hold ${sum}`);
  }
  const [slots] = await sql<{ twice: number }>(
    `SELECT count(*)::int AS twice FROM (SELECT 1 FROM "CronRun" WHERE "trigger" = 'schedule'
       GROUP BY "job", "slot" HAVING count(*) > 1) doubled`,
  );
  if (slots?.twice) found.push(`${slots.twice} slots ran twice`);
  return found;
}
