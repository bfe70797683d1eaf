import { z } from "zod";
import { idSchema, instantSchema, pageInputSchema, pageOf } from "./common";
import type { ContractEntries } from "./contract-entry";

/** Everything that concerns security and is written down. */
export const auditKindSchema = z.enum([
  "signIn.succeeded",
  "signIn.failed",
  "session.revoked",
  "password.changed",
  "password.reset",
  "resetLink.created",
  "user.created",
  "user.invited",
  "user.signedUp",
  "invitation.accepted",
  "user.roleChanged",
  "user.disabled",
  "user.enabled",
  "user.removed",
  "secondFactor.turnedOn",
  "secondFactor.turnedOff",
  "secondFactor.reset",
  "recoveryCode.used",
  "recoveryCodes.renewed",
  "signUpPolicy.changed",
  "store.adopted",
]);
export type AuditKind = z.infer<typeof auditKindSchema>;

/** Somebody as they were called then; the account may be gone. */
const personSchema = z.object({ id: idSchema.nullable(), email: z.string().nullable() });

export const auditEventSchema = z
  .object({
    eventId: idSchema,
    kind: auditKindSchema,
    at: instantSchema,
    lastAt: instantSchema.describe(
      "Of events that are summed up: when the last one was. Failed sign-ins are, by account, network and hour.",
    ),
    count: z.number().int(),
    actor: personSchema
      .nullable()
      .describe("Who did it; null for a stranger, a job or the terminal."),
    subject: personSchema.nullable().describe("Whom it was done to, where that is somebody else."),
    address: z
      .string()
      .nullable()
      .describe("The client's network address; null where the host does not know it."),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  })
  .meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof auditEventSchema>;

export const audit = {
  list: {
    about: "For admins, the newest first. Kept for `limits.auditDays`.",
    input: pageInputSchema
      .extend({
        kinds: z.array(auditKindSchema).min(1).max(auditKindSchema.options.length).optional(),
        userId: idSchema.optional().describe("Only what this user did, or what was done to them."),
      })
      .default({ limit: 50 }),
    output: pageOf(auditEventSchema),
  },
} satisfies ContractEntries;
