import type { Services } from "../../context";

/** Whether bytes are still taken for a key, and, where they come in parts, for this upload of it. */
export async function uploadState(
  { pool }: Pick<Services, "pool">,
  { key, uploadId }: { key: string; uploadId: string | null },
): Promise<"open" | "complete" | "over"> {
  const { rows } = await pool.query<{ status: string; uploadId: string | null }>(
    `SELECT "status", "uploadId" FROM "Media" WHERE "key" = $1`,
    [key],
  );
  const [row] = rows;
  if (row?.status === "ready") return "complete";
  const isOpen = row?.status === "pending" && row.uploadId === uploadId;
  return isOpen ? "open" : "over";
}
