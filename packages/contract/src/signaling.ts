import { z } from "zod";
import { idSchema, instantSchema, nameSchema, pageInputSchema, pageOf, textSchema } from "./common";
import type { ContractEntries } from "./contract-entry";
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

export const peerSchema = z
  .object({
    peerId: idSchema,
    displayName: z.string(),
    polite: z.boolean(),
    joinedAt: instantSchema,
    online: z
      .boolean()
      .describe("Whether a stream of this peer is open, or was within the grace time."),
    away: z
      .literal(true)
      .optional()
      .describe(
        "Its page went and may come back. The seat is its own until somebody else needs it.",
      ),
  })
  .meta({ id: "Peer" });
export type Peer = z.infer<typeof peerSchema>;

export const roomMessageSchema = z
  .object({
    cursor: z.string(),
    from: z.string(),
    to: z.string().nullable(),
    kind: z.string(),
    payload: z.unknown(),
    sentAt: instantSchema,
  })
  .meta({ id: "RoomMessage" });
export type RoomMessage = z.infer<typeof roomMessageSchema>;

/** The cursor is older than what is kept: start afresh from `cursor`. */
export const resetSchema = z
  .object({ kind: z.literal("reset"), cursor: z.string() })
  .meta({ id: "RoomReset" });

/** An address of Piano Mirror that leads into the room; left out where it is not known. */
const inviteUrlSchema = z.string().optional();

/** With `presence`, joins and leaves come as messages of kind `peer.joined`, `peer.left` and, of a page that went and may come back, `peer.away`. */
const presence = z.boolean().default(false);

const iceServerSchema = z
  .object({
    urls: z.union([z.string(), z.array(z.string())]),
    username: z.string().optional(),
    credential: z.string().optional(),
  })
  .meta({ id: "IceServer" });
export type IceServer = z.infer<typeof iceServerSchema>;

export const iceProviderNameSchema = z.enum(["cloudflare", "coturn", "static", "stun-only"]);

const turnConfigSchema = z
  .object({
    iceServers: z.array(iceServerSchema),
    provider: iceProviderNameSchema,
    expiresAt: instantSchema.nullable(),
  })
  .meta({ id: "TurnConfig" });

export const roomSchema = z
  .object({
    roomId: idSchema,
    name: z.string().nullable(),
    capacity: z.number().int(),
    createdAt: instantSchema,
    expiresAt: instantSchema,
    closedAt: instantSchema.nullable(),
    lastMessageAt: instantSchema.nullable(),
    messagesLastMinute: z.number().int(),
    peers: z.array(peerSchema),
  })
  .meta({ id: "Room" });
export type Room = z.infer<typeof roomSchema>;

export const roomSampleSchema = z
  .object({
    at: instantSchema.describe("The end of the step that the counts are of."),
    rooms: z.number().int().describe("Open at that moment."),
    peers: z.number().int().describe("Online at that moment."),
    messages: z.number().int().describe("In the step: what peers sent."),
    turnCredentials: z
      .number()
      .int()
      .describe("In the step: credentials that the provider minted."),
  })
  .meta({ id: "RoomSample" });
export type RoomSample = z.infer<typeof roomSampleSchema>;

export const signaling = {
  createRoom: {
    about: "Makes a room. Whoever has the invite may join it, without an account.",
    errors: ["QUOTA_EXCEEDED"],
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
  prepare: {
    about:
      "What a page asks for before somebody decides to join: the relay's credentials, with which paths are found meanwhile.",
    errors: ["NOT_FOUND", "ROOM_CLOSED", "RATE_LIMITED"],
    input: z.object({
      roomId: idSchema,
      inviteToken: tokenSchema.optional(),
      lobbyKey: clientKeySchema.describe(
        "The same one with the join: what is given here is then that seat's.",
      ),
    }),
    output: z.object({ turn: turnConfigSchema }),
  },
  join: {
    about: "Takes a seat in a room, or comes back to one.",
    errors: ["NOT_FOUND", "ROOM_FULL", "ROOM_CLOSED", "RATE_LIMITED"],
    input: z.object({
      roomId: idSchema,
      inviteToken: tokenSchema.optional(),
      displayName: displayNameSchema,
      resumeToken: tokenSchema.optional(),
      joinKey: clientKeySchema
        .optional()
        .describe(
          "The same one again when an answer was lost: it finds the seat that was taken, which stays the caller's.",
        ),
      turn: z.boolean().optional().describe("Asks for `turn` in the answer."),
      offer: z
        .unknown()
        .optional()
        .describe(
          "The payload of an `offer`, sent with the join to the peer that has been there longest, so that a call need not wait for the answer first. With nobody there it is dropped.",
        ),
      lobbyKey: clientKeySchema.optional().describe("Of the `prepare` before it."),
    }),
    output: z.object({
      peerId: idSchema,
      roomToken: z.string(),
      resumeToken: z.string(),
      polite: z.boolean(),
      peers: z.array(peerSchema),
      cursor: z.string(),
      serverTime: instantSchema.describe(
        "What the server's clock says, for devices whose own is wrong.",
      ),
      turn: turnConfigSchema
        .optional()
        .describe(
          "What `turnConfig` answers, so that a call need not wait for a second question; left out where it is not known at once.",
        ),
      offeredTo: idSchema.optional().describe("Who got the `offer`."),
      ordersSends: z
        .literal(true)
        .optional()
        .describe(
          "The server keeps sends in order by their `after`, so that several may be under way.",
        ),
    }),
  },
  send: {
    about:
      "Sends messages to the room or to one peer. Each is delivered once, in order, as long as it is younger than an hour.",
    errors: [
      "UNAUTHENTICATED",
      "FORBIDDEN",
      "NOT_FOUND",
      "ROOM_CLOSED",
      "PAYLOAD_TOO_LARGE",
      "RATE_LIMITED",
      "CONFLICT",
    ],
    input: z.object({
      roomId: idSchema,
      to: idSchema.optional(),
      messages: z
        .array(z.object({ kind: messageKindSchema, payload: z.unknown() }))
        .min(1)
        .max(limits.signaling.messagesPerSend),
      sendKey: clientKeySchema
        .optional()
        .describe(
          "The same one again when an answer was lost: what was stored is not stored again, as long as it is kept.",
        ),
      after: clientKeySchema
        .optional()
        .describe(
          "The `sendKey` of the caller's send that this one comes behind, which may be under way still: one that overtakes it waits for it. CONFLICT, and not sent, where it was refused or does not come.",
        ),
    }),
    output: z.object({ cursor: z.string() }),
  },
  messages: {
    about:
      "The room's messages as they come, as server-sent events, from a cursor on. A connection that breaks is taken up again after the last event's id.",
    errors: ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "ROOM_CLOSED", "RATE_LIMITED"],
    input: z.object({ roomId: idSchema, lastEventId: cursorSchema.nullish(), presence }),
    output: z.union([roomMessageSchema, resetSchema]),
  },
  messagesOfMany: {
    errors: ["RATE_LIMITED"],
    about:
      "The `messages` of several rooms in one stream, each by its room token: browsers open few connections to one server.",
    input: z.object({
      rooms: z
        .array(z.object({ roomToken: tokenSchema, lastEventId: cursorSchema.nullish(), presence }))
        .min(1)
        .max(limits.signaling.roomsPerStream),
    }),
    output: z.object({
      room: z
        .number()
        .int()
        .describe(
          "Which of the rooms that were asked for. Alone, it says that the room is followed from here on.",
        ),
      event: z.union([roomMessageSchema, resetSchema]).optional(),
      error: z
        .object({
          appCode: z.enum(errorCodes),
          message: z.string(),
          details: z.record(z.string(), z.unknown()).optional(),
        })
        .optional()
        .describe("Nothing more comes of this room."),
    }),
  },
  pull: {
    about: "The messages after a cursor, once: where streams are cut.",
    errors: ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "ROOM_CLOSED"],
    input: z.object({ roomId: idSchema, after: cursorSchema.nullish(), presence }),
    output: z.object({
      messages: z.array(z.union([roomMessageSchema, resetSchema])),
      cursor: z.string(),
    }),
  },
  leave: {
    about: "Gives the seat up.",
    input: z.object({
      roomId: idSchema,
      mayReturn: z
        .boolean()
        .optional()
        .describe(
          "The page goes and may come back: the seat stays the caller's until somebody else needs it.",
        ),
      joinKey: clientKeySchema
        .optional()
        .describe(
          "Of a join that was given up before its answer came, in the place of a room token.",
        ),
    }),
    output: z.object({ left: z.literal(true) }),
  },
  peers: {
    about: "Who sits in the room.",
    errors: ["UNAUTHENTICATED", "NOT_FOUND"],
    input: z.object({ roomId: idSchema }),
    output: z.object({ peers: z.array(peerSchema) }),
  },
  turnConfig: {
    about:
      "Servers that help two peers to reach each other, with credentials for this caller. Asked for again before they expire.",
    errors: ["RATE_LIMITED"],
    input: z.object({ roomId: idSchema.optional() }).default({}),
    output: turnConfigSchema,
  },
  rooms: {
    about: "A user's own rooms; an admin sees all.",
    input: pageInputSchema
      .extend({ open: z.boolean().default(true) })
      .default({ limit: 50, open: true }),
    output: pageOf(roomSchema),
  },
  kick: {
    about: "The invite goes with whom it let in; the answer has the next one.",
    errors: ["NOT_FOUND"],
    input: z.object({ roomId: idSchema, peerId: idSchema }),
    output: z.object({
      kicked: z.literal(true),
      inviteToken: z.string(),
      inviteUrl: inviteUrlSchema,
    }),
  },
  rotateInvite: {
    about: "The old invite is void at once. Whoever sits in the room stays.",
    errors: ["NOT_FOUND", "ROOM_CLOSED"],
    input: z.object({ roomId: idSchema }),
    output: z.object({ inviteToken: z.string(), inviteUrl: inviteUrlSchema }),
  },
  closeRoom: {
    about: "Ends the room for everybody.",
    errors: ["NOT_FOUND"],
    input: z.object({ roomId: idSchema }),
    output: z.object({ closed: z.literal(true) }),
  },
  activity: {
    about:
      "The last 24 hours, oldest first, of a user's own rooms; an admin sees all. A step in which no server ran is missing.",
    output: z.object({ stepSeconds: z.number().int(), samples: z.array(roomSampleSchema) }),
  },
  turnUsage: {
    about: "Credentials minted since midnight UTC, for admins.",
    output: z.object({ provider: iceProviderNameSchema, mintedToday: z.number().int() }),
  },
} satisfies ContractEntries;
