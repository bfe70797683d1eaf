import { z } from "zod";
import { idSchema, instantSchema, nameSchema, pageInputSchema, pageOf, textSchema } from "./common";
import type { ContractEntries } from "./contract-entry";
import { limits } from "./limits";

export const roleSchema = z.enum(["admin", "member"]);
export type Role = z.infer<typeof roleSchema>;

export const emailSchema = z
  .email("an address such as maja@example.com")
  .max(254)
  .transform((email) => email.toLowerCase());

/** One to be set. The most common ones are refused besides, by the server. */
export const passwordSchema = textSchema
  .min(limits.passwordChars.min, `at least ${limits.passwordChars.min} characters`)
  .max(limits.passwordChars.max, `at most ${limits.passwordChars.max} characters`);

/** One that is held against what is stored, which may be older than today's rules. */
const presentPasswordSchema = textSchema.min(1).max(limits.passwordChars.max);
const linkTokenSchema = textSchema.min(1).max(128);
/** Six digits from an authenticator app, or a recovery code; spaces and hyphens do not matter. */
const totpSchema = textSchema.trim().min(6).max(40);
const byUser = z.object({ userId: idSchema });

export const userSchema = z
  .object({
    id: idSchema,
    email: z.string(),
    name: z.string().nullable(),
    role: roleSchema,
    avatarUrl: z.string().nullable(),
  })
  .meta({ id: "User" });
export type User = z.infer<typeof userSchema>;

export const sessionSchema = z
  .object({
    sessionId: idSchema,
    name: z.string(),
    kind: z.enum(["browser", "token"]),
    address: z
      .string()
      .nullable()
      .describe(
        "From where it was opened, as the server saw it; null of those that are older than this field.",
      ),
    createdAt: instantSchema,
    lastUsedAt: instantSchema,
    expiresAt: instantSchema,
    current: z.boolean(),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof sessionSchema>;

const tokenSchema = z.object({ token: z.string(), expiresAt: instantSchema });

export const auth = {
  createToken: {
    about:
      "Signs in and gives a bearer token: one row of the session table, which can be listed and revoked.",
    errors: ["UNAUTHENTICATED", "RATE_LIMITED"],
    input: z.object({
      email: textSchema.max(254),
      password: presentPasswordSchema,
      name: nameSchema.optional(),
      totp: totpSchema
        .optional()
        .describe(
          'Where the account has a second factor. Without it the right password is answered UNAUTHENTICATED with `details.secondFactor: "required"`, with a wrong one `"wrong"`.',
        ),
    }),
    output: tokenSchema,
  },
  me: { about: "Who asks; null for nobody.", output: z.object({ user: userSchema }).nullable() },
  sessions: {
    about: "The caller's sessions, browsers and tokens alike.",
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(sessionSchema),
  },
  revokeSession: {
    about: "Ends a session of the caller's; it fails on its next use.",
    input: z.object({ sessionId: idSchema }),
    output: z.object({ revoked: z.literal(true) }),
  },
  createUser: {
    about: "Makes an account: with a password, or with a link that sets the first one.",
    errors: ["CONFLICT"],
    input: z.object({
      email: emailSchema,
      password: passwordSchema.optional(),
      name: nameSchema.optional(),
      role: roleSchema.default("member"),
    }),
    output: z.object({ userId: idSchema, inviteUrl: z.string().optional() }),
  },
  users: {
    about: "Every account.",
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(
      userSchema.extend({
        createdAt: instantSchema,
        invited: z.boolean().describe("Has a link that sets the first password, not yet used."),
        disabledAt: instantSchema.nullable(),
        hasSecondFactor: z.boolean(),
        lastUsedAt: instantSchema
          .nullable()
          .describe("Of any session that still lives, to the minute."),
      }),
    ),
  },
  invitation: {
    about: "What a link of an invitation or a reset opens.",
    errors: ["NOT_FOUND"],
    input: z.object({ token: linkTokenSchema }),
    output: z.object({
      email: z.string(),
      expiresAt: instantSchema,
      purpose: z.enum(["invitation", "reset"]),
    }),
  },
  acceptInvitation: {
    about: "Sets the password, once. A reset ends every session and room seat of the account.",
    errors: ["NOT_FOUND"],
    input: z.object({
      token: linkTokenSchema,
      password: passwordSchema,
      name: nameSchema.optional(),
    }),
    output: z.object({ userId: idSchema, email: z.string() }),
  },
  signUp: {
    errors: ["FORBIDDEN", "RATE_LIMITED"],
    about:
      "Answered alike, with an id that may be nobody's, whether the address has an account already.",
    input: z.object({ email: emailSchema, password: passwordSchema, name: nameSchema.optional() }),
    output: z.object({ userId: idSchema }),
  },
  changePassword: {
    about: "Ends every other session, and the room seats that they took.",
    errors: ["UNAUTHENTICATED"],
    input: z.object({ currentPassword: presentPasswordSchema, newPassword: passwordSchema }),
    output: z.object({ revokedSessions: z.number().int() }),
  },

  // -------------------------------------------------------------- accounts, for admins

  inviteAgain: {
    errors: ["CONFLICT"],
    about:
      "A link in place of the first one, which is void from then on. CONFLICT where a password is set.",
    input: byUser,
    output: z.object({ inviteUrl: z.string(), expiresAt: instantSchema }),
  },
  createResetLink: {
    errors: ["CONFLICT"],
    about:
      "A link by which a user sets a new password, once, within the hour. The old one works until then.",
    input: byUser,
    output: z.object({ resetUrl: z.string(), expiresAt: instantSchema }),
  },
  setRole: {
    about: "CONFLICT where no admin would be left.",
    errors: ["CONFLICT"],
    input: byUser.extend({ role: roleSchema }),
    output: z.object({ role: roleSchema }),
  },
  setDisabled: {
    errors: ["CONFLICT"],
    about:
      "Disabling ends every session and room seat at once. CONFLICT where no admin would be left.",
    input: byUser.extend({ disabled: z.boolean() }),
    output: z.object({ disabledAt: instantSchema.nullable() }),
  },
  resetSecondFactor: {
    about: "Takes away the second factor of somebody who lost it.",
    input: byUser,
    output: z.object({ reset: z.literal(true) }),
  },
  belongings: {
    about: "What a user has, before it is decided what becomes of it.",
    input: byUser,
    output: z.object({
      files: z.object({ count: z.number().int(), bytes: z.number() }),
      media: z.object({ count: z.number().int(), bytes: z.number() }),
      instruments: z.object({ count: z.number().int(), published: z.number().int() }),
      openRooms: z.number().int(),
      sessions: z.number().int(),
    }),
  },
  removeUser: {
    errors: ["CONFLICT"],
    about:
      "Removes an account for good. `delete` removes all that it has, bytes too; with `handOverTo` ready files, media, instruments and open rooms become that user's, whatever their quota, and the rest goes. Their URLs go on. CONFLICT where no admin would be left.",
    input: byUser.extend({
      belongings: z.union([z.literal("delete"), z.object({ handOverTo: idSchema })]),
    }),
    output: z.object({ removed: z.literal(true) }),
  },

  // -------------------------------------------------------------- the second factor

  secondFactor: {
    about: "Whether the caller's account has a second factor.",
    output: z.object({
      on: z.boolean(),
      since: instantSchema.nullable(),
      recoveryCodesLeft: z.number().int(),
    }),
  },
  startSecondFactor: {
    errors: ["UNAUTHENTICATED", "CONFLICT"],
    about:
      "Makes the secret that an authenticator app is to know. Nothing is asked for until a first code confirms it.",
    input: z.object({ password: presentPasswordSchema }),
    output: z.object({
      secret: z.string().describe("Base32, to be typed."),
      uri: z.string().describe("`otpauth://totp/…`, for a QR code."),
    }),
  },
  confirmSecondFactor: {
    about: "The recovery codes are shown this once.",
    errors: ["CONFLICT"],
    input: z.object({ totp: totpSchema }),
    output: z.object({ recoveryCodes: z.array(z.string()) }),
  },
  renewRecoveryCodes: {
    about: "The old ones are void.",
    errors: ["NOT_FOUND"],
    input: z.object({ totp: totpSchema }),
    output: z.object({ recoveryCodes: z.array(z.string()) }),
  },
  turnOffSecondFactor: {
    about: "Takes the second factor off the caller's account.",
    errors: ["NOT_FOUND"],
    input: z.object({ totp: totpSchema }),
    output: z.object({ on: z.literal(false) }),
  },
} satisfies ContractEntries;

export const profile = {
  setAvatar: {
    about: "Makes an image file of the caller's the avatar; null takes it away.",
    errors: ["NOT_FOUND", "UNSUPPORTED_MEDIA_TYPE", "CONFLICT"],
    input: z.object({ storageId: idSchema.nullable() }),
    output: z.object({ avatarUrl: z.string().nullable() }),
  },
  setName: {
    about: "Changes the name by which others see the caller.",
    input: z.object({ name: nameSchema }),
    output: z.object({ name: z.string() }),
  },
} satisfies ContractEntries;

export const settings = {
  get: {
    about: "How this installation is set up, without secrets.",
    output: z.object({
      signUp: z.enum(["invitation", "open"]),
      objectStore: z.string(),
      database: z.enum(["embedded", "external"]),
      iceProvider: z.enum(["cloudflare", "coturn", "static", "stun-only"]),
      cronEngine: z.enum(["embedded", "inngest"]),
      allowedOrigins: z.array(z.string()),
      signInProviders: z.array(z.string()),
    }),
  },
  update: {
    about: "Says who may make an account.",
    input: z.object({ signUp: z.enum(["invitation", "open"]) }),
    output: z.object({ signUp: z.enum(["invitation", "open"]) }),
  },
  public: {
    about: "What the sign-in page needs to know before anybody is known.",
    output: z.object({
      signUp: z.enum(["invitation", "open"]),
      signInProviders: z.array(z.string()),
      mirrorUrl: z
        .string()
        .nullable()
        .describe("Where Piano Mirror is reached; null where it is nowhere."),
    }),
  },
} satisfies ContractEntries;

const demoIds = z.array(idSchema);

/** What `npm start -- --demo` put there. */
export const demoSchema = z.object({
  instrumentIds: demoIds,
  mediaKeys: demoIds,
  storageIds: demoIds,
  roomIds: demoIds,
});

export const overview = {
  summary: {
    about: "What the caller has and what happened lately, for a first page.",
    output: z.object({
      storage: z.object({
        filesBytes: z.number().describe("What is stored."),
        mediaBytes: z.number(),
        filesReservedBytes: z.number().describe("What open grants hold beside it."),
        mediaReservedBytes: z.number(),
        filesQuotaBytes: z.number(),
        mediaQuotaBytes: z.number(),
        files: z.number().int(),
        media: z.number().int(),
      }),
      uploadsToday: z.object({ count: z.number().int(), bytes: z.number() }),
      uploadsPerDay: z
        .array(z.object({ day: z.string(), files: z.number().int(), media: z.number().int() }))
        .describe("The last 14 UTC days, oldest first."),
      cronRuns24h: z
        .object({
          succeeded: z.number().int(),
          failed: z.number().int(),
          skipped: z.number().int(),
          lost: z.number().int(),
        })
        .nullable()
        .describe("Null for members: jobs are an admin's business."),
      liveRooms: z.number().int(),
      livePeers: z.number().int(),
      unattachedFiles: z.number().int(),
      storeNeeds: z
        .array(z.object({ title: z.string(), body: z.string() }))
        .describe("For admins: what is amiss between the database and the store of bytes."),
      failingJobs: z.array(
        z.object({ name: z.string(), failures: z.number().int(), error: z.string().nullable() }),
      ),
      demo: demoSchema
        .nullable()
        .describe("Of the asker's own, what was put there to be looked at; null where nothing is."),
    }),
  },
} satisfies ContractEntries;
