import type { FileMetadata, files } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext, UserDescription } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import type { FileModel } from "../../generated/prisma/models/File";
import { AppError } from "../../ground/errors";
import { decodeCursor, toPage } from "../../ground/paging";
import { fromPrisma } from "../../ground/transaction";
import { isUnowned, ownersOf } from "../rows/file-owners";
import { toMetadata } from "../rows/to-metadata";
import { fileUrl } from "../serving/file-url";
import { ofFileType } from "../types/file-type";

type Input = z.output<typeof files.list.input>;
type Output = z.input<typeof files.list.output>;

/**
 * Ready files, newest first: the caller's, each with a URL that shows it, or for an admin somebody else's, without one.
 * @throws AppError FORBIDDEN where a member asks for files that are not theirs
 */
export async function listFiles(ctx: UserContext, input: Input): Promise<Output> {
  const { userId, role } = ctx.identity;
  const owner = input.owner ?? userId;
  if (owner !== userId && role !== "admin") throw new AppError("FORBIDDEN");
  const unowned = Prisma.raw(isUnowned(ctx));
  const filtered = Prisma.join(conditionsOf(input, owner), " AND ");
  const cursor = decodeCursor(input.cursor);

  const rows = await ctx.db.$queryRaw<FileModel[]>`
    SELECT f.* FROM "File" f
    WHERE ${filtered}
      ${input.state ? Prisma.sql`AND (${unowned}) = ${input.state === "unattached"}` : Prisma.empty}
      ${cursor ? Prisma.sql`AND (f."createdAt", f."id") < (${cursor.at}, ${cursor.id})` : Prisma.empty}
    ORDER BY f."createdAt" DESC, f."id" DESC LIMIT ${input.limit + 1}`;
  const { items, nextCursor } = toPage(rows, input.limit);
  const owners = await ownersOf(
    ctx,
    fromPrisma(ctx.db),
    items.map((file) => file.id),
  );
  const people = await ctx.describeUsers([...new Set(items.map((file) => file.uploaderId))]);
  return {
    items: items.map((file) =>
      describe(ctx, file, owners.get(file.id), people.get(file.uploaderId)),
    ),
    nextCursor,
    ...(input.withCounts && { counts: await countStates(ctx, filtered, unowned) }),
  };
}

function conditionsOf({ type, search }: Input, owner: string): Prisma.Sql[] {
  // macOS writes names with their accents apart, keyboards and other systems together.
  const wanted = search?.trim().normalize("NFC");
  return [
    Prisma.sql`f."status" = 'ready'`,
    ...(owner === "all" ? [] : [Prisma.sql`f."uploaderId" = ${owner}`]),
    ...(type ? [ofFileType(type)] : []),
    ...(wanted
      ? [Prisma.sql`normalize(coalesce(f."filename", f."id"), NFC) ILIKE ${anywhere(wanted)}`]
      : []),
  ];
}

/** A pattern for LIKE in which nothing but the ends is special. */
function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}

function describe(
  ctx: UserContext,
  file: FileModel,
  attachedTo: FileMetadata["attachedTo"],
  owner: UserDescription | undefined,
): Output["items"][number] {
  const { userId } = ctx.identity;
  const mine = file.uploaderId === userId;
  return {
    ...toMetadata(file, attachedTo),
    url: mine ? fileUrl(ctx, { storageId: file.id, viewerId: userId }) : null,
    owner: { id: file.uploaderId, name: owner?.name ?? null, email: owner?.email ?? "" },
  };
}

async function countStates(ctx: UserContext, filtered: Prisma.Sql, unowned: Prisma.Sql) {
  const [counts] = await ctx.db.$queryRaw<{ attached: number; unattached: number }[]>`
    SELECT count(*) FILTER (WHERE ${unowned})::int AS "unattached",
      count(*) FILTER (WHERE NOT (${unowned}))::int AS "attached"
    FROM "File" f WHERE ${filtered}`;
  return counts ?? { attached: 0, unattached: 0 };
}
