import type { Services } from "../context";
import { explainStanding } from "../media/owner/explain-standing";
import { lastStanding } from "../media/owner/look-at-store";

/** What is amiss between the database and the store of bytes, in words for the overview. */
export async function storeNeeds(ctx: Services): Promise<{ title: string; body: string }[]> {
  const installation = await lastStanding(ctx);
  if (!installation) return [];
  const needs: { title: string; body: string }[] = [];
  const problem = explainStanding(ctx, installation);
  if (problem) needs.push({ title: problem.finding, body: problem.remedy });
  if (installation.askedAt) {
    const count = await ctx.db.stray.count({ where: { decision: null } });
    needs.push({
      title: `${count} of ${installation.askedOfSeen} stored objects belong to no row`,
      body: "That is more than a sweep deletes unasked. It deleted none of them and waits for your word.",
    });
  }
  return needs;
}
