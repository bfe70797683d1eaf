import type { Need } from "@fermata/contract";
import type { Services } from "../context";
import { findNeeds } from "./find-needs";

const everyMs = 60_000;
/** What was seen once may be a restart. */
const sightings = 2;

export interface Watch {
  /** Looks now. It never fails. */
  look(): Promise<void>;
  stop(): void;
}

/**
 * Tells the notifier of what an operator must do, once when it begins and once when it is over, over all processes: the
 * database keeps what was told. While it is away, each process tells so itself.
 */
export function startWatch(ctx: Services): Watch {
  const seen = new Map<string, number>();
  /** Told by this process alone, since the database could not be asked. */
  let isDatabaseAway = false;

  async function look(): Promise<void> {
    try {
      const needs = await findNeeds(ctx, await ctx.checks());
      const lasting = needs.filter(({ key }) => {
        seen.set(key, (seen.get(key) ?? 0) + 1);
        return (seen.get(key) ?? 0) >= sightings;
      });
      for (const key of seen.keys()) if (!needs.some((need) => need.key === key)) seen.delete(key);
      const away = needs.find(({ key }) => key === "check: database");
      if (!away) {
        if (isDatabaseAway) await tellOfEnd(ctx, "The database does not answer");
        isDatabaseAway = false;
        // What was seen for the first time is neither told of nor over.
        return await compareWithTold(ctx, { lasting, present: needs });
      }
      if (!lasting.includes(away) || isDatabaseAway) return;
      await tell(ctx, away);
      isDatabaseAway = true;
    } catch (err) {
      ctx.log.error({ err }, "the look at what an operator must do failed");
    }
  }

  const timer = setInterval(() => void look(), everyMs).unref();
  return { look, stop: () => clearInterval(timer) };
}

async function compareWithTold(
  ctx: Services,
  { lasting, present }: { lasting: Need[]; present: Need[] },
): Promise<void> {
  for (const need of lasting) {
    // Whoever writes it down tells it.
    const { rowCount } = await ctx.pool.query(
      `INSERT INTO "Alert" ("key", "severity", "title", "since") VALUES ($1, $2, $3, $4)
       ON CONFLICT ("key") DO NOTHING`,
      [need.key, need.severity, need.title, ctx.clock.now()],
    );
    if (rowCount !== 1) continue;
    try {
      await tell(ctx, need);
    } catch (error) {
      // The next look tries again.
      await ctx.pool.query(`DELETE FROM "Alert" WHERE "key" = $1`, [need.key]);
      throw error;
    }
  }
  const { rows } = await ctx.pool.query<{ title: string }>(
    `DELETE FROM "Alert" WHERE NOT ("key" = ANY($1)) RETURNING "title"`,
    [present.map(({ key }) => key)],
  );
  for (const { title } of rows) await tellOfEnd(ctx, title);
}

async function tell(ctx: Services, { key, severity, title, body }: Need): Promise<void> {
  ctx.log.error({ key }, title);
  await ctx.notifier?.notify({
    kind: "operator.needed",
    severity,
    title,
    text: body,
    ...page(ctx),
  });
}

async function tellOfEnd(ctx: Services, title: string): Promise<void> {
  ctx.log.warn({ title }, "what an operator was told of is over");
  await ctx.notifier?.notify({
    kind: "operator.ended",
    severity: "info",
    title: `Over: ${title}`,
    text: "It was seen no more.",
    ...page(ctx),
  });
}

function page({ config }: Services): { url?: string } {
  return config.publicOrigin ? { url: new URL("/health", config.publicOrigin).href } : {};
}
