import { z } from "zod";
import { idSchema, instantSchema, nameSchema, pageInputSchema, pageOf, textSchema } from "./common";
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

export const userSchema = z.object({
  id: idSchema,
  email: z.string(),
  name: z.string().nullable(),
  role: roleSchema,
  avatarUrl: z.string().nullable(),
});
export type User = z.infer<typeof userSchema>;

export const sessionSchema = z.object({
  sessionId: idSchema,
  name: z.string(),
  kind: z.enum(["browser", "token"]),
  /** From where it was opened, as the server saw it; null of those that are older than this field. */
  address: z.string().nullable(),
  createdAt: instantSchema,
  lastUsedAt: instantSchema,
  expiresAt: instantSchema,
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

const tokenSchema = z.object({ token: z.string(), expiresAt: instantSchema });

export const auth = {
  createToken: {
    input: z.object({
      email: textSchema.max(254),
      password: presentPasswordSchema,
      name: nameSchema.optional(),
      /**
       * Where the account has a second factor. Without it the right password is answered UNAUTHENTICATED with
       * `details.secondFactor: "required"`, with a wrong one `"wrong"`.
       */
      totp: totpSchema.optional(),
    }),
    output: tokenSchema,
  },
  me: { output: z.object({ user: userSchema }).nullable() },
  sessions: { input: pageInputSchema.default({ limit: 50 }), output: pageOf(sessionSchema) },
  revokeSession: {
    input: z.object({ sessionId: idSchema }),
    output: z.object({ revoked: z.literal(true) }),
  },
  createUser: {
    input: z.object({
      email: emailSchema,
      password: passwordSchema.optional(),
      name: nameSchema.optional(),
      role: roleSchema.default("member"),
    }),
    output: z.object({ userId: idSchema, inviteUrl: z.string().optional() }),
  },
  users: {
    input: pageInputSchema.default({ limit: 50 }),
    output: pageOf(
      userSchema.extend({
        createdAt: instantSchema,
        /** Has a link that sets the first password, not yet used. */
        invited: z.boolean(),
        disabledAt: instantSchema.nullable(),
        hasSecondFactor: z.boolean(),
        /** Of any session that still lives, to the minute. */
        lastUsedAt: instantSchema.nullable(),
      }),
    ),
  },
  /** What a link of an invitation or a reset opens. */
  invitation: {
    input: z.object({ token: linkTokenSchema }),
    output: z.object({
      email: z.string(),
      expiresAt: instantSchema,
      purpose: z.enum(["invitation", "reset"]),
    }),
  },
  /** Sets the password, once. A reset ends every session and room seat of the account. */
  acceptInvitation: {
    input: z.object({
      token: linkTokenSchema,
      password: passwordSchema,
      name: nameSchema.optional(),
    }),
    output: z.object({ userId: idSchema, email: z.string() }),
  },
  /** Answered alike, with an id that may be nobody's, whether the address has an account already. */
  signUp: {
    input: z.object({ email: emailSchema, password: passwordSchema, name: nameSchema.optional() }),
    output: z.object({ userId: idSchema }),
  },
  /** Ends every other session, and the room seats that they took. */
  changePassword: {
    input: z.object({ currentPassword: presentPasswordSchema, newPassword: passwordSchema }),
    output: z.object({ revokedSessions: z.number().int() }),
  },

  // -------------------------------------------------------------- accounts, for admins

  /** A link in place of the first one, which is void from then on. CONFLICT where a password is set. */
  inviteAgain: {
    input: byUser,
    output: z.object({ inviteUrl: z.string(), expiresAt: instantSchema }),
  },
  /** A link by which a user sets a new password, once, within the hour. The old one works until then. */
  createResetLink: {
    input: byUser,
    output: z.object({ resetUrl: z.string(), expiresAt: instantSchema }),
  },
  /** CONFLICT where no admin would be left. */
  setRole: {
    input: byUser.extend({ role: roleSchema }),
    output: z.object({ role: roleSchema }),
  },
  /** Disabling ends every session and room seat at once. CONFLICT where no admin would be left. */
  setDisabled: {
    input: byUser.extend({ disabled: z.boolean() }),
    output: z.object({ disabledAt: instantSchema.nullable() }),
  },
  /** Takes away the second factor of somebody who lost it. */
  resetSecondFactor: { input: byUser, output: z.object({ reset: z.literal(true) }) },
  /** What a user has, before it is decided what becomes of it. */
  belongings: {
    input: byUser,
    output: z.object({
      files: z.object({ count: z.number().int(), bytes: z.number() }),
      media: z.object({ count: z.number().int(), bytes: z.number() }),
      instruments: z.object({ count: z.number().int(), published: z.number().int() }),
      openRooms: z.number().int(),
      sessions: z.number().int(),
    }),
  },
  /**
   * Removes an account for good. `delete` removes all that it has, bytes too; with `handOverTo` ready files, media,
   * instruments and open rooms become that user's, whatever their quota, and the rest goes. Their URLs go on.
   * CONFLICT where no admin would be left.
   */
  removeUser: {
    input: byUser.extend({
      belongings: z.union([z.literal("delete"), z.object({ handOverTo: idSchema })]),
    }),
    output: z.object({ removed: z.literal(true) }),
  },

  // -------------------------------------------------------------- the second factor

  secondFactor: {
    output: z.object({
      on: z.boolean(),
      since: instantSchema.nullable(),
      recoveryCodesLeft: z.number().int(),
    }),
  },
  /** Makes the secret that an authenticator app is to know. Nothing is asked for until a first code confirms it. */
  startSecondFactor: {
    input: z.object({ password: presentPasswordSchema }),
    output: z.object({
      /** Base32, to be typed. */
      secret: z.string(),
      /** `otpauth://totp/…`, for a QR code. */
      uri: z.string(),
    }),
  },
  /** The recovery codes are shown this once. */
  confirmSecondFactor: {
    input: z.object({ totp: totpSchema }),
    output: z.object({ recoveryCodes: z.array(z.string()) }),
  },
  /** The old ones are void. */
  renewRecoveryCodes: {
    input: z.object({ totp: totpSchema }),
    output: z.object({ recoveryCodes: z.array(z.string()) }),
  },
  turnOffSecondFactor: {
    input: z.object({ totp: totpSchema }),
    output: z.object({ on: z.literal(false) }),
  },
};

export const profile = {
  setAvatar: {
    input: z.object({ storageId: idSchema.nullable() }),
    output: z.object({ avatarUrl: z.string().nullable() }),
  },
  setName: { input: z.object({ name: nameSchema }), output: z.object({ name: z.string() }) },
};

export const settings = {
  get: {
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
    input: z.object({ signUp: z.enum(["invitation", "open"]) }),
    output: z.object({ signUp: z.enum(["invitation", "open"]) }),
  },
  /** What the sign-in page needs to know before anybody is known. */
  public: {
    output: z.object({
      signUp: z.enum(["invitation", "open"]),
      signInProviders: z.array(z.string()),
      /** Where Piano Mirror is reached; null where it is nowhere. */
      mirrorUrl: z.string().nullable(),
    }),
  },
};

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
    output: z.object({
      storage: z.object({
        /** What is stored. */
        filesBytes: z.number(),
        mediaBytes: z.number(),
        /** What open grants hold beside it. */
        filesReservedBytes: z.number(),
        mediaReservedBytes: z.number(),
        filesQuotaBytes: z.number(),
        mediaQuotaBytes: z.number(),
        files: z.number().int(),
        media: z.number().int(),
      }),
      uploadsToday: z.object({ count: z.number().int(), bytes: z.number() }),
      /** The last 14 UTC days, oldest first. */
      uploadsPerDay: z.array(
        z.object({ day: z.string(), files: z.number().int(), media: z.number().int() }),
      ),
      /** Null for members: jobs are an admin's business. */
      cronRuns24h: z
        .object({
          succeeded: z.number().int(),
          failed: z.number().int(),
          skipped: z.number().int(),
          lost: z.number().int(),
        })
        .nullable(),
      liveRooms: z.number().int(),
      livePeers: z.number().int(),
      unattachedFiles: z.number().int(),
      /** For admins: what is amiss between the database and the store of bytes. */
      storeNeeds: z.array(z.object({ title: z.string(), body: z.string() })),
      failingJobs: z.array(
        z.object({ name: z.string(), failures: z.number().int(), error: z.string().nullable() }),
      ),
      /** Of the asker's own, what was put there to be looked at; null where nothing is. */
      demo: demoSchema.nullable(),
    }),
  },
};
