import type { AuditKind } from "@fermata/contract";
import { newId, type Tx } from "@fermata/server/internal";
import type { RequestContext } from "../context";

interface Person {
  id: string | null;
  email: string | null;
}

export interface AuditFacts {
  kind: AuditKind;
  /** Who did it: the caller, unless said. Null for nobody who is known. */
  actor?: Person | null;
  /** Whom it was done to, where that is somebody else. */
  subject?: Person;
  details?: Record<string, string | number | boolean | null>;
}

export type AuditContext = Pick<RequestContext, "clock"> &
  Partial<Pick<RequestContext, "identity" | "clientAddress">>;

/** Writes down what concerns security, in the transaction that does it where there is one. */
export async function recordAudit(
  ctx: AuditContext & { db: Tx },
  { kind, subject, details, ...facts }: AuditFacts,
): Promise<void> {
  const now = ctx.clock.now();
  const actor = facts.actor === undefined ? callerOf(ctx) : facts.actor;
  await ctx.db.auditEvent.create({
    data: {
      id: newId(),
      createdAt: now,
      lastAt: now,
      kind,
      actorId: actor?.id ?? null,
      actorEmail: actor?.email ?? null,
      subjectId: subject?.id ?? null,
      subjectEmail: subject?.email ?? null,
      address: ctx.clientAddress ?? null,
      ...(details && { details }),
    },
  });
}

function callerOf({ identity }: AuditContext): Person | null {
  return identity?.kind === "user" ? { id: identity.userId, email: identity.email } : null;
}
