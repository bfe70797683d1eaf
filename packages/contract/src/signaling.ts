import { z } from "zod";
import { idSchema, instantSchema, nameSchema, pageInputSchema, pageOf, textSchema } from "./common";
import { errorCodes } from "./error-codes";
import { limits } from "./limits";

/** `epoch:seq`. */
export const cursorSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}:\d{1,18}$/, "epoch:seq");

const displayNameSchema = nameSchema.max(limits.signaling.displayNameChars);
const tokenSchema = textSchema.min(1).max(256);
/** Made by the client from at least 72 random bits, anew for each thing it wants done once. */
const clientKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{12,64}$/, "12 to 64 letters, digits, - or _");

/** `offer`, `answer`, `candidates`, `bye`, or a kind of the app's own. The prefixes `peer.` and `room.`, and `reset`, are the server's. */
export const messageKindSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, "letters, digits, dot, dash or underscore; at most 64")
  .refine((kind) => !/^(peer\.|room\.)|^reset$/.test(kind), "this kind is the server's own");

export const peerSchema = z.object({
  peerId: idSchema,
  displayName: z.string(),
  polite: z.boolean(),
  joinedAt: instantSchema,
  /** Whether a stream of this peer is open, or was within the grace time. */
  online: z.boolean(),
  /** Its page went and may come back. The seat is its own until somebody else needs it. */
  away: z.literal(true).optional(),
});
export type Peer = z.infer<typeof peerSchema>;

export const roomMessageSchema = z.object({
  cursor: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  kind: z.string(),
  payload: z.unknown(),
  sentAt: instantSchema,
});
export type RoomMessage = z.infer<typeof roomMessageSchema>;

/** The cursor is older than what is kept: start afresh from `cursor`. */
export const resetSchema = z.object({ kind: z.literal("reset"), cursor: z.string() });

/** An address of Piano Mirror that leads into the room; left out where it is not known. */
const inviteUrlSchema = z.string().optional();

/** With `presence`, joins and leaves come as messages of kind `peer.joined`, `peer.left` and, of a page that went and may come back, `peer.away`. */
const presence = z.boolean().default(false);

const iceServerSchema = z.object({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof iceServerSchema>;

export const iceProviderNameSchema = z.enum(["cloudflare", "coturn", "static", "stun-only"]);

const turnConfigSchema = z.object({
  iceServers: z.array(iceServerSchema),
  provider: iceProviderNameSchema,
  expiresAt: instantSchema.nullable(),
});

export const roomSchema = z.object({
  roomId: idSchema,
  name: z.string().nullable(),
  capacity: z.number().int(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  closedAt: instantSchema.nullable(),
  lastMessageAt: instantSchema.nullable(),
  messagesLastMinute: z.number().int(),
  peers: z.array(peerSchema),
});
export type Room = z.infer<typeof roomSchema>;

export const roomSampleSchema = z.object({
  /** The end of the step that the counts are of. */
  at: instantSchema,
  /** Open at that moment. */
  rooms: z.number().int(),
  /** Online at that moment. */
  peers: z.number().int(),
  /** In the step: what peers sent. */
  messages: z.number().int(),
  /** In the step: credentials that the provider minted. */
  turnCredentials: z.number().int(),
});
export type RoomSample = z.infer<typeof roomSampleSchema>;

export const signaling = {
  createRoom: {
    input: z
      .object({
        name: nameSchema.optional(),
        capacity: z.number().int().min(1).max(limits.signaling.maxCapacity).default(2),
      })
      .default({ capacity: 2 }),
    output: z.object({
      roomId: idSchema,
      inviteToken: z.string(),
      expiresAt: instantSchema,
      inviteUrl: inviteUrlSchema,
    }),
  },
  /** What a page asks for before somebody decides to join: the relay's credentials, with which paths are found meanwhile. */
  prepare: {
    input: z.object({
      roomId: idSchema,
      inviteToken: tokenSchema.optional(),
      /** The same one with the join: what is given here is then that seat's. */
      lobbyKey: clientKeySchema,
    }),
    output: z.object({ turn: turnConfigSchema }),
  },
  join: {
    input: z.object({
      roomId: idSchema,
      inviteToken: tokenSchema.optional(),
      displayName: displayNameSchema,
      resumeToken: tokenSchema.optional(),
      /** The same one again when an answer was lost: it finds the seat that was taken, which stays the caller's. */
      joinKey: clientKeySchema.optional(),
      /** Of the `prepare` before it. */
      lobbyKey: clientKeySchema.optional(),
      /** Asks for `turn` in the answer. */
      turn: z.boolean().optional(),
      /**
       * The payload of an `offer`, sent with the join to the peer that has been there longest, so that a call need not
       * wait for the answer first. With nobody there it is dropped.
       */
      offer: z.unknown().optional(),
    }),
    output: z.object({
      peerId: idSchema,
      roomToken: z.string(),
      resumeToken: z.string(),
      polite: z.boolean(),
      peers: z.array(peerSchema),
      cursor: z.string(),
      /** What the server's clock says, for devices whose own is wrong. */
      serverTime: instantSchema,
      /** What `turnConfig` answers, so that a call need not wait for a second question; left out where it is not known at once. */
      turn: turnConfigSchema.optional(),
      /** Who got the `offer`. */
      offeredTo: idSchema.optional(),
      /** The server keeps sends in order by their `after`, so that several may be under way. */
      ordersSends: z.literal(true).optional(),
    }),
  },
  send: {
    input: z.object({
      roomId: idSchema,
      to: idSchema.optional(),
      messages: z
        .array(z.object({ kind: messageKindSchema, payload: z.unknown() }))
        .min(1)
        .max(limits.signaling.messagesPerSend),
      /** The same one again when an answer was lost: what was stored is not stored again, as long as it is kept. */
      sendKey: clientKeySchema.optional(),
      /**
       * The `sendKey` of the caller's send that this one comes behind, which may be under way still: one that overtakes it
       * waits for it. CONFLICT, and not sent, where it was refused or does not come.
       */
      after: clientKeySchema.optional(),
    }),
    output: z.object({ cursor: z.string() }),
  },
  messages: {
    input: z.object({ roomId: idSchema, lastEventId: cursorSchema.nullish(), presence }),
    output: z.union([roomMessageSchema, resetSchema]),
  },
  /** `messages` of several rooms in one stream, each by its room token: browsers open few connections to one server. */
  messagesOfMany: {
    input: z.object({
      rooms: z
        .array(z.object({ roomToken: tokenSchema, lastEventId: cursorSchema.nullish(), presence }))
        .min(1)
        .max(limits.signaling.roomsPerStream),
    }),
    output: z.object({
      /** Which of the rooms that were asked for. Alone, it says that the room is followed from here on. */
      room: z.number().int(),
      event: z.union([roomMessageSchema, resetSchema]).optional(),
      /** Nothing more comes of this room. */
      error: z
        .object({
          appCode: z.enum(errorCodes),
          message: z.string(),
          details: z.record(z.string(), z.unknown()).optional(),
        })
        .optional(),
    }),
  },
  pull: {
    input: z.object({ roomId: idSchema, after: cursorSchema.nullish(), presence }),
    output: z.object({
      messages: z.array(z.union([roomMessageSchema, resetSchema])),
      cursor: z.string(),
    }),
  },
  leave: {
    input: z.object({
      roomId: idSchema,
      /** The page goes and may come back: the seat stays the caller's until somebody else needs it. */
      mayReturn: z.boolean().optional(),
      /** Of a join that was given up before its answer came, in the place of a room token. */
      joinKey: clientKeySchema.optional(),
    }),
    output: z.object({ left: z.literal(true) }),
  },
  peers: {
    input: z.object({ roomId: idSchema }),
    output: z.object({ peers: z.array(peerSchema) }),
  },
  turnConfig: {
    input: z.object({ roomId: idSchema.optional() }).default({}),
    output: turnConfigSchema,
  },
  /** A user's own rooms; an admin sees all. */
  rooms: {
    input: pageInputSchema
      .extend({ open: z.boolean().default(true) })
      .default({ limit: 50, open: true }),
    output: pageOf(roomSchema),
  },
  /** The invite goes with whom it let in; the answer has the next one. */
  kick: {
    input: z.object({ roomId: idSchema, peerId: idSchema }),
    output: z.object({
      kicked: z.literal(true),
      inviteToken: z.string(),
      inviteUrl: inviteUrlSchema,
    }),
  },
  /** The old invite is void at once. Whoever sits in the room stays. */
  rotateInvite: {
    input: z.object({ roomId: idSchema }),
    output: z.object({ inviteToken: z.string(), inviteUrl: inviteUrlSchema }),
  },
  closeRoom: {
    input: z.object({ roomId: idSchema }),
    output: z.object({ closed: z.literal(true) }),
  },
  /** The last 24 hours, oldest first, of a user's own rooms; an admin sees all. A step in which no server ran is missing. */
  activity: {
    output: z.object({ stepSeconds: z.number().int(), samples: z.array(roomSampleSchema) }),
  },
  /** Credentials minted since midnight UTC, for admins. */
  turnUsage: {
    output: z.object({ provider: iceProviderNameSchema, mintedToday: z.number().int() }),
  },
};
