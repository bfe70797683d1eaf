import type { Services } from "../../context";
import type { StoreStanding } from "../../generated/prisma/enums";
import type { InstallationModel } from "../../generated/prisma/models/Installation";
import { newId } from "../../ground/secrets";
import { belongsTogether } from "./belongs-together";
import { explainStanding } from "./explain-standing";
import { readMarks, type StoreMark, writeMark } from "./store-mark";

export type OwnerCtx = Pick<
  Services,
  "db" | "pool" | "objects" | "clock" | "log" | "config" | "notifier"
>;

const where = { id: "self" };

/**
 * Compares whose the store says it is with this database, and writes down how they stand. A store without a mark is marked
 * where it plainly belongs to this database; any other is left as it is.
 * @throws AppError UPSTREAM_UNAVAILABLE when the store does not answer
 */
export async function lookAtStore(ctx: OwnerCtx): Promise<InstallationModel> {
  const [marks, database] = await Promise.all([readMarks(ctx.objects), databaseName(ctx)]);
  const before = await ownRow(ctx, database);
  const found = marks.filter((mark) => mark !== null);
  let standing = judge(before, found, database);
  const isMarked = found.length === marks.length;
  if (standing === "ours" && !isMarked) {
    if (await belongsTogether(ctx)) await mark(ctx, before);
    else standing = "unproven";
  }
  const isOurs = standing === "ours";
  const boundAt = isOurs ? (isMarked && before.boundAt) || ctx.clock.now() : before.boundAt;
  const isInnocent = before.bornHere && boundAt === null;
  const after = await ctx.db.installation.update({
    where,
    data: {
      standing,
      boundAt,
      holdsBack: !isOurs && !(isInnocent && standing !== "copied"),
      foundId: standing === "foreign" ? foreignIn(before, found) : null,
      checkedAt: ctx.clock.now(),
      ...(isOurs && { database }),
    },
  });
  if (!isOurs && before.standing !== standing) await tell(ctx, after);
  return after;
}

/** What was written down when the store was looked at last; null before that. */
export function lastStanding({ db }: Pick<Services, "db">): Promise<InstallationModel | null> {
  return db.installation.findUnique({ where });
}

/** Makes the store say that it is this installation's. */
export function mark(
  { objects, clock }: Pick<Services, "objects" | "clock">,
  { installationId, turn }: Pick<InstallationModel, "installationId" | "turn">,
): Promise<void> {
  return writeMark(objects, {
    installation: installationId,
    turn,
    at: clock.now().toISOString(),
  });
}

/** Which database on which server this is; null where that is of no use, or not told. */
export async function databaseName({
  pool,
  config,
  log,
}: Pick<Services, "pool" | "config" | "log">): Promise<string | null> {
  // A directory is reached from one machine: a database that was moved there with it is no copy.
  if (config.objectStore === "disk") return null;
  try {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT c.system_identifier || '/' || d.oid || '/' || current_schema() AS name
       FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()`,
    );
    return rows[0]?.name ?? null;
  } catch (err) {
    log.debug({ err }, "the database server does not say which it is");
    return null;
  }
}

function judge(row: InstallationModel, found: StoreMark[], database: string | null): StoreStanding {
  if (foreignIn(row, found) !== null) return "foreign";
  if (found.length === 0) return "ours";
  if (row.database !== null && database !== null && row.database !== database) return "copied";
  return found.some(({ turn }) => turn > row.turn) ? "behind" : "ours";
}

function foreignIn(row: InstallationModel, found: StoreMark[]): string | null {
  const foreign = found.find(({ installation }) => installation !== row.installationId);
  return foreign?.installation ?? null;
}

/** The row, made at the first look. */
async function ownRow(ctx: OwnerCtx, database: string | null): Promise<InstallationModel> {
  const row = await lastStanding(ctx);
  if (row) return row;
  const [files, media] = await Promise.all([ctx.db.file.findFirst(), ctx.db.media.findFirst()]);
  return ctx.db.installation.upsert({
    where,
    update: {},
    create: {
      ...where,
      installationId: newId(),
      database,
      standing: "ours",
      bornHere: files === null && media === null,
      checkedAt: ctx.clock.now(),
    },
  });
}

async function tell(ctx: OwnerCtx, row: InstallationModel): Promise<void> {
  const { log, notifier } = ctx;
  const said = explainStanding(ctx, row);
  if (!said) return;
  const { standing, installationId, foundId } = row;
  log.error({ standing, installationId, foundId }, `${said.finding} ${said.remedy}`);
  try {
    await notifier?.notify({
      kind: "storage.foreign",
      severity: "error",
      title: said.finding,
      text: said.remedy,
    });
  } catch (err) {
    log.error({ err }, "nobody could be told whose the store is");
  }
}
