import { z } from "zod";
import { idSchema, instantSchema, pageInputSchema, pageOf } from "./common";
import { limits } from "./limits";

export const roleSchema = z.enum(["admin", "member"]);
export type Role = z.infer<typeof roleSchema>;

export const emailSchema = z
  .email("an address such as maja@example.com")
  .max(254)
  .transform((email) => email.toLowerCase());

export const passwordSchema = z
  .string()
  .min(limits.passwordChars.min, `at least ${limits.passwordChars.min} characters`)
  .max(limits.passwordChars.max, `at most ${limits.passwordChars.max} characters`);

const nameSchema = z.string().trim().min(1).max(120);

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
  createdAt: instantSchema,
  lastUsedAt: instantSchema,
  expiresAt: instantSchema,
  current: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

const tokenSchema = z.object({ token: z.string(), expiresAt: instantSchema });

export const auth = {
  createToken: {
    // A stored password may be older than today's rules, so only its presence is checked here.
    input: z.object({
      email: z.string().max(254),
      password: z.string().min(1).max(limits.passwordChars.max),
      name: nameSchema.optional(),
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
    output: pageOf(userSchema.extend({ createdAt: instantSchema, invited: z.boolean() })),
  },
  invitation: {
    input: z.object({ token: z.string().min(1).max(128) }),
    output: z.object({ email: z.string(), expiresAt: instantSchema }),
  },
  acceptInvitation: {
    input: z.object({
      token: z.string().min(1).max(128),
      password: passwordSchema,
      name: nameSchema.optional(),
    }),
    output: z.object({ userId: idSchema, email: z.string() }),
  },
  signUp: {
    input: z.object({ email: emailSchema, password: passwordSchema, name: nameSchema.optional() }),
    output: z.object({ userId: idSchema }),
  },
  changePassword: {
    input: z.object({
      currentPassword: z.string().max(limits.passwordChars.max),
      newPassword: passwordSchema,
    }),
    output: z.object({ revokedSessions: z.number().int() }),
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
    }),
  },
};
