import type { AuditEvent, audit } from "@fermata/contract";
import { afterCursor, decodeCursor, newestFirst, toPage } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";

export async function listAudit(
  ctx: UserContext,
  { limit, cursor, kinds, userId }: z.output<typeof audit.list.input>,
): Promise<z.input<typeof audit.list.output>> {
  const rows = await ctx.db.auditEvent.findMany({
    where: {
      AND: [
        afterCursor(decodeCursor(cursor)),
        kinds ? { kind: { in: kinds } } : {},
        userId ? { OR: [{ actorId: userId }, { subjectId: userId }] } : {},
      ],
    },
    orderBy: newestFirst,
    take: limit + 1,
  });
  const page = toPage(rows, limit);
  return {
    nextCursor: page.nextCursor,
    items: page.items.map((row) => ({
      eventId: row.id,
      kind: row.kind as AuditEvent["kind"],
      at: row.createdAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      count: row.count,
      actor: personOf(row.actorId, row.actorEmail),
      subject: personOf(row.subjectId, row.subjectEmail),
      address: row.address === "unknown" ? null : row.address,
      details: (row.details ?? {}) as AuditEvent["details"],
    })),
  };
}

function personOf(id: string | null, email: string | null): AuditEvent["actor"] {
  return id === null && email === null ? null : { id, email };
}
