// Printed from the schemas of the contract by a test of the studio's: `vitest --update=all` writes it.
import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";
import type { ErrorShape } from "./error-shape";

type Definition<Input, Output> = {
  input: Input;
  output: Output;
  meta: object;
  errorShape: ErrorShape;
};
type Query<Input, Output> = TRPCQueryProcedure<Definition<Input, Output>>;
type Mutation<Input, Output> = TRPCMutationProcedure<Definition<Input, Output>>;
type Subscription<Input, Output> = TRPCSubscriptionProcedure<
  Definition<Input, AsyncIterable<Output, void, undefined>>
>;

export interface User {
  /** The user's. */
  id: string;
  /** An address of mail. */
  email: string;
  /** As people read it. */
  name: string | null;
  /** Admins see to the installation; members have their own things. */
  role: "admin" | "member";
  /** Where the picture of this person is; null for none. */
  avatarUrl: string | null;
}

export interface Session {
  /** The session's. */
  sessionId: string;
  /** As people read it. */
  name: string;
  /** Of a browser, or made by `auth.createToken`. */
  kind: "browser" | "token";
  /** From where it was opened, as the server saw it; null of those that are older than this field. */
  address: string | null;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** To the minute. ISO 8601, in UTC. */
  lastUsedAt: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
  /** Whether it is the one that asks. */
  current: boolean;
}

export interface AuditEvent {
  /** The event's. */
  eventId: string;
  /** What happened. */
  kind:
    | "signIn.succeeded"
    | "signIn.failed"
    | "session.revoked"
    | "password.changed"
    | "password.reset"
    | "resetLink.created"
    | "user.created"
    | "user.invited"
    | "user.signedUp"
    | "invitation.accepted"
    | "user.roleChanged"
    | "user.disabled"
    | "user.enabled"
    | "user.removed"
    | "secondFactor.turnedOn"
    | "secondFactor.turnedOff"
    | "secondFactor.reset"
    | "recoveryCode.used"
    | "recoveryCodes.renewed"
    | "signUpPolicy.changed"
    | "store.adopted";
  /** When it happened. ISO 8601, in UTC. */
  at: string;
  /** Of events that are summed up: when the last one was. Failed sign-ins are, by account, network and hour. ISO 8601, in UTC. */
  lastAt: string;
  /** How many there are. */
  count: number;
  /** Who did it; null for a stranger, a job or the terminal. */
  actor: {
    /** The user's; null where there is no account any more. */
    id: string | null;
    /** The account's address of mail at that time. */
    email: string | null;
  } | null;
  /** Whom it was done to, where that is somebody else. */
  subject: {
    /** The user's; null where there is no account any more. */
    id: string | null;
    /** The account's address of mail at that time. */
    email: string | null;
  } | null;
  /** The client's network address; null where the host does not know it. */
  address: string | null;
  /** Facts beside it, in plain JSON. */
  details: Record<string, string | number | boolean | null>;
}

export interface Instrument {
  /** The instrument's. */
  instrumentId: string;
  /** The last part of its public address. 0 to 80 characters. */
  slug: string;
  /** As people read it. */
  name: string;
  /** Who made it. 0 to 300 characters. */
  maker: string | null;
  /** When it was made, in words. 0 to 300 characters. */
  year: string | null;
  /** When it was shown to everybody; null while it is not. ISO 8601, in UTC. */
  publishedAt: string | null;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** When it was last changed. ISO 8601, in UTC. */
  updatedAt: string;
  /** How many photos it has. */
  photoCount: number;
  /** How many clips it has. */
  clipCount: number;
  /** What is to be said of it. 0 to 5,000 characters. */
  description: string | null;
  /** Its serial number. 0 to 300 characters. */
  serial: string | null;
  /** Its measures, in words. 0 to 300 characters. */
  size: string | null;
  /** What it is kept in. 0 to 300 characters. */
  case: string | null;
  /** How it is preserved. 0 to 5,000 characters. */
  condition: string | null;
  /** In words: `Price on request`, `NOK 480,000`. 0 to 300 characters. */
  price: string | null;
  /** Who offers it. 0 to 300 characters. */
  seller: string | null;
  /** Where visitors ask: an address of mail, or a web page. */
  contact: string | string | "" | null;
  /** Where visitors see and hear it from afar. */
  viewingUrl: string | "" | null;
  /** Small print below the rest. 0 to 5,000 characters. */
  footnote: string | null;
  /** What the workshop did. 0 to 100 items. */
  workshopNotes: {
    /** In words. 0 to 300 characters. */
    when: string;
    /** What was done. 1 to 5,000 characters. */
    text: string;
  }[];
  /** Where it is, or will be, seen. */
  publicUrl: string;
  /** The item that stands for it: the chosen one, else the first photo. */
  coverItemId: string | null;
  /** In order. */
  media: InstrumentMedia[];
  /** Its documents. */
  attachments: InstrumentAttachment[];
}

export interface InstrumentMedia {
  /** Of a photo or clip in its place. */
  itemId: string;
  /** What is to be seen, for those who cannot see it. */
  alt: string;
  /** What stands below it. */
  caption: string;
  /** Photos and clips. */
  media: {
    /** The media's, made by the server. */
    key: string;
    /** The name it was given; null for none. */
    filename: string;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** In bytes. */
    sizeBytes: number;
    /** How it stands. */
    status: "pending" | "ready" | "failed";
    /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. */
    visibility: "public" | "private";
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** Where public media are read once they are ready; null for private ones. */
    publicUrl: string | null;
    /** Pixels as displayed, once they are known. */
    width?: number;
    /** In pixels, as displayed. */
    height?: number;
    /** Seconds; null or left out for what has no duration. */
    durationSeconds?: number;
    /** RFC 6381, such as `avc1.640028, mp4a.40.2`. */
    codec?: string;
    /** A placeholder of some 25 bytes, in base64; for a clip, that of its poster. */
    thumbHash?: string;
    /** Of a recording: 256 peaks from its beginning to its end, a byte each, 255 the loudest that there is; in base64. */
    waveform?: string;
    /** Smaller copies without metadata; for a clip, of its poster. */
    variants?: MediaVariant[];
    /** The picture that stands for a clip. */
    posterUrl?: string;
    /** Left out for what is not processed. The original can be used in every state. */
    processing?: {
      /** How far it is. */
      state: "processing" | "ready" | "failed";
      /** Why it failed. `storage.reprocess` tries again. */
      reason?: string;
    };
    /** Absolute, and good without a header or cookie. */
    url: string | null;
  };
}

export interface MediaVariant {
  /** In pixels, as displayed. */
  width: number;
  /** In pixels, as displayed. */
  height: number;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
  contentType: string;
  /** Absolute, and good without a header or cookie. */
  url: string;
}

export interface InstrumentAttachment {
  /** Of a document in its place. */
  attachmentId: string;
  /** The file's. */
  storageId: string;
  /** As people read it. */
  title: string;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
  contentType: string;
  /** In bytes. */
  sizeBytes: number;
  /** Absolute, and good without a header or cookie. */
  url: string;
}

export interface PublicInstrument {
  /** The last part of its public address. 0 to 80 characters. */
  slug: string;
  /** As people read it. */
  name: string;
  /** What is to be said of it. 0 to 5,000 characters. */
  description: string | null;
  /** Who made it. 0 to 300 characters. */
  maker: string | null;
  /** When it was made, in words. 0 to 300 characters. */
  year: string | null;
  /** Its serial number. 0 to 300 characters. */
  serial: string | null;
  /** Its measures, in words. 0 to 300 characters. */
  size: string | null;
  /** What it is kept in. 0 to 300 characters. */
  case: string | null;
  /** How it is preserved. 0 to 5,000 characters. */
  condition: string | null;
  /** In words: `Price on request`, `NOK 480,000`. 0 to 300 characters. */
  price: string | null;
  /** Who offers it. 0 to 300 characters. */
  seller: string | null;
  /** Where visitors ask: an address of mail, or a web page. */
  contact: string | string | "" | null;
  /** Where visitors see and hear it from afar. */
  viewingUrl: string | "" | null;
  /** Small print below the rest. 0 to 5,000 characters. */
  footnote: string | null;
  /** What the workshop did. 0 to 100 items. */
  workshopNotes: {
    /** In words. 0 to 300 characters. */
    when: string;
    /** What was done. 1 to 5,000 characters. */
    text: string;
  }[];
  /** False only for the owner, who may look before anybody else. */
  published: boolean;
  /** Where public media are read once they are ready; null for private ones. */
  publicUrl: string;
  /** The item that stands for it; null for the first photo. */
  coverItemId: string | null;
  /** The rows of this page. */
  items: {
    /** Of a photo or clip in its place. */
    itemId: string;
    /** Of which kind it is. */
    kind: "photo" | "clip";
    /** What is to be seen, for those who cannot see it. */
    alt: string;
    /** What stands below it. */
    caption: string;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** Of the original. */
    url: string;
    /** The photo, or what stands for the clip. */
    picture: {
      /** Absolute, and good without a header or cookie. */
      url: string;
      /** In pixels, as displayed. */
      width: number | null;
      /** In pixels, as displayed. */
      height: number | null;
      /** A placeholder of some 25 bytes, in base64. */
      thumbHash: string | null;
      /** Smaller copies. */
      variants: MediaVariant[];
    } | null;
    /** In pixels, as displayed. */
    width: number | null;
    /** In pixels, as displayed. */
    height: number | null;
    /** Seconds; null or left out for what has no duration. */
    durationSeconds: number | null;
    /** RFC 6381, such as `avc1.640028, mp4a.40.2`. */
    codec: string | null;
    /** As of media: 256 peaks of a recording, in base64. */
    waveform: string | null;
  }[];
  /** Its documents. */
  attachments: {
    /** As people read it. */
    title: string;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** In bytes. */
    sizeBytes: number;
    /** Absolute, and good without a header or cookie. */
    url: string;
  }[];
}

export interface FileMetadata {
  /** The file's. */
  storageId: string;
  /** The name it was given; null for none. */
  filename: string | null;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
  contentType: string;
  /** In bytes. */
  sizeBytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** The row that refers to it; left out where none does. */
  attachedTo?: {
    /** Which table it is a row of. */
    relation: string;
    /** The row's id. */
    id: string;
  };
  /** Of an image that can be decoded. */
  image?: {
    /** In pixels, as displayed: after the orientation is applied. */
    width: number;
    /** In pixels, as displayed. */
    height: number;
    /** EXIF's, 1 to 8: how the stored pixels are to be turned. */
    orientation: number;
    /** A ThumbHash in base64: a blurred placeholder of some 25 bytes. */
    thumbHash: string;
  };
}

export interface ImportedFile {
  /** The file's id there. 1 to 200 characters. */
  sourceId: string;
  /** When it was made there; null where that is not known. ISO 8601, in UTC. */
  sourceCreatedAt: string | null;
  /** The file's. */
  storageId: string | null;
  /** The key of the media; null where it became none. */
  mediaKey: string | null;
  /** Of the media: only what is ready has arrived. */
  mediaStatus: "pending" | "ready" | "failed" | null;
}

export interface Media {
  /** The media's, made by the server. */
  key: string;
  /** The name it was given; null for none. */
  filename: string;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
  contentType: string;
  /** In bytes. */
  sizeBytes: number;
  /** How it stands. */
  status: "pending" | "ready" | "failed";
  /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. */
  visibility: "public" | "private";
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** Where public media are read once they are ready; null for private ones. */
  publicUrl: string | null;
  /** Pixels as displayed, once they are known. */
  width?: number;
  /** In pixels, as displayed. */
  height?: number;
  /** Seconds; null or left out for what has no duration. */
  durationSeconds?: number;
  /** RFC 6381, such as `avc1.640028, mp4a.40.2`. */
  codec?: string;
  /** A placeholder of some 25 bytes, in base64; for a clip, that of its poster. */
  thumbHash?: string;
  /** Of a recording: 256 peaks from its beginning to its end, a byte each, 255 the loudest that there is; in base64. */
  waveform?: string;
  /** Smaller copies without metadata; for a clip, of its poster. */
  variants?: MediaVariant[];
  /** The picture that stands for a clip. */
  posterUrl?: string;
  /** Left out for what is not processed. The original can be used in every state. */
  processing?: {
    /** How far it is. */
    state: "processing" | "ready" | "failed";
    /** Why it failed. `storage.reprocess` tries again. */
    reason?: string;
  };
}

export interface UnfinishedUpload {
  /** The media's, made by the server. */
  key: string;
  /** The name it was given; null for none. */
  filename: string;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
  contentType: string;
  /** In bytes. */
  sizeBytes: number;
  /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. */
  visibility: "public" | "private";
  /** In parts that the store has. */
  uploadedBytes: number;
  /** What the client knows the file by; null for none. */
  fingerprint: string | null;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
}

export interface TurnConfig {
  /** As `RTCPeerConnection` takes them. */
  iceServers: IceServer[];
  /** What gave them; `stun-only` where no relay is to be had. */
  provider: "cloudflare" | "coturn" | "static" | "stun-only";
  /** Until then the credentials are good; null for ever. ISO 8601, in UTC. */
  expiresAt: string | null;
}

export interface IceServer {
  /** Where the server is reached. */
  urls: string | string[];
  /** For a relay. */
  username?: string;
  /** For a relay. A secret. */
  credential?: string;
}

export interface Peer {
  /** The seat's. */
  peerId: string;
  /** What the others see. */
  displayName: string;
  /** Whether it gives way when two offers cross. */
  polite: boolean;
  /** When the seat was taken. ISO 8601, in UTC. */
  joinedAt: string;
  /** Whether a stream of this peer is open, or was within the grace time. */
  online: boolean;
  /** Its page went and may come back. The seat is its own until somebody else needs it. */
  away?: true;
}

export interface RoomMessage {
  /** The `nextCursor` of the page before; left out for the first page. */
  cursor: string;
  /** The peer who sent it; for the server's own messages, whom they are about. */
  from: string;
  /** The one peer it is for; null or left out for all. */
  to: string | null;
  /** Of which kind it is. */
  kind: string;
  /** Any JSON, at most 32 KiB. */
  payload: unknown;
  /** When the server took it. ISO 8601, in UTC. */
  sentAt: string;
}

export interface RoomReset {
  /** Of which kind it is. */
  kind: "reset";
  /** The `nextCursor` of the page before; left out for the first page. */
  cursor: string;
}

export interface Room {
  /** The room's. */
  roomId: string;
  /** What the room is called; null for nothing. */
  name: string | null;
  /** Seats in it. */
  capacity: number;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
  /** When it was closed; null while it is open. ISO 8601, in UTC. */
  closedAt: string | null;
  /** When somebody said something last; null for never. ISO 8601, in UTC. */
  lastMessageAt: string | null;
  /** What peers sent in the last minute. */
  messagesLastMinute: number;
  /** Who sits in the room. */
  peers: Peer[];
}

export interface RoomSample {
  /** The end of the step that the counts are of. ISO 8601, in UTC. */
  at: string;
  /** Open at that moment. */
  rooms: number;
  /** Online at that moment. */
  peers: number;
  /** In the step: what peers sent. */
  messages: number;
  /** In the step: credentials that the provider minted. */
  turnCredentials: number;
}

export interface CronEngine {
  /** What runs the jobs. */
  engine: "embedded" | "inngest";
  /** What the app is called there. */
  appId: string;
  /** `silent`: a job was due and not called for. `unknown`: it never called, nor was asked to. */
  state: "calling" | "silent" | "unregistered" | "unknown";
  /** When the app was made known there; null for never. ISO 8601, in UTC. */
  registeredAt: string | null;
  /** Why the app could not be registered, when that was tried last. */
  problem: string | null;
  /** When it called this app last; null for never. ISO 8601, in UTC. */
  lastCalledAt: string | null;
  /** The slot that was not called for. ISO 8601, in UTC. */
  silentSince: string | null;
  /** Where it shows its runs; null where it shows none. */
  dashboardUrl: string | null;
  /** What is billed as executions, runs plus steps, since the first of the month in UTC. */
  executions: {
    /** How many there are. */
    count: number;
    /** What the month will come to if it goes on so; null in its first day. */
    projected: number | null;
    /** What the plan has in a month; null where nothing is billed. */
    included: number | null;
    /** Each day of the month. */
    days: {
      /** As YYYY-MM-DD, in UTC. */
      day: string;
      /** How many there are. */
      count: number;
    }[];
  };
}

export interface CronWeek {
  /** Where the hours begin. ISO 8601, in UTC. */
  from: string;
  /** How many there are. */
  hours: number;
  /** Each with its runs. */
  jobs: {
    /** The job's. */
    name: string;
    /** Those with runs. */
    hours: {
      /** From 0, after `from`. */
      hour: number;
      /** Runs that succeeded. */
      succeeded: number;
      /** Failed or lost. */
      failed: number;
      /** Slots that passed without a run. */
      skipped: number;
    }[];
  }[];
}

export interface CronJob {
  /** The job's. */
  name: string;
  /** What the job does. */
  description: string;
  /** As it was written: `every 1 hour`, `0 16 * * *`. */
  schedule: string;
  /** The same in plain words. */
  scheduleText: string;
  /** When it runs next; null while it is paused or disabled. ISO 8601, in UTC. */
  nextRunAt: string | null;
  /** The next five slots, the first of them `nextRunAt`; none while it is paused or off. */
  nextSlots: string[];
  /** How often a run that failed is tried again by itself. */
  retries: number;
  /** A run that takes longer fails. */
  timeoutSeconds: number;
  /** Whether its slots pass as skipped. */
  paused: boolean;
  /** Why this installation does not run it; null where it does. */
  disabledReason: string | null;
  /** Null before the first. */
  lastRun: CronRun | null;
  /** The last 50 outcomes, oldest first. */
  recentRuns: {
    /** The run's. */
    runId: string;
    /** The scheduled instant that the run stands for. ISO 8601, in UTC. */
    slot: string;
    /** How the run ended. */
    status: "running" | "succeeded" | "failed" | "skipped" | "lost";
    /** Milliseconds; null while it runs. */
    durationMs: number | null;
  }[];
}

export interface CronRun {
  /** The run's. */
  runId: string;
  /** The instant that the run stands for: the scheduled one, or the moment somebody pressed the button. ISO 8601, in UTC. */
  slot: string;
  /** Whether the schedule began it or a person. */
  trigger: "schedule" | "manual";
  /** How the run stands or ended. */
  status: "running" | "succeeded" | "failed" | "skipped" | "lost";
  /** When it began. ISO 8601, in UTC. */
  startedAt: string;
  /** When it ended; null while it runs. ISO 8601, in UTC. */
  finishedAt: string | null;
  /** What the job returned, as JSON; null for nothing. */
  result?: unknown;
  /** Why it failed; null where it did not. */
  error: string | null;
  /** From 1: a job with `retries` tries again by itself. */
  attempt: number;
  /** Of a run that sleeps, or waits for its next attempt: until when. ISO 8601, in UTC. */
  waitsUntil: string | null;
}

export interface CronRunDetail {
  /** The run's. */
  runId: string;
  /** The instant that the run stands for: the scheduled one, or the moment somebody pressed the button. ISO 8601, in UTC. */
  slot: string;
  /** Whether the schedule began it or a person. */
  trigger: "schedule" | "manual";
  /** How it stands. */
  status: "running" | "succeeded" | "failed" | "skipped" | "lost";
  /** When it began. ISO 8601, in UTC. */
  startedAt: string;
  /** When it ended; null while it runs. ISO 8601, in UTC. */
  finishedAt: string | null;
  /** What the job returned, as JSON; null for nothing. */
  result?: unknown;
  /** Why it failed; null where it did not. */
  error: string | null;
  /** From 1: a job with `retries` tries again by itself. */
  attempt: number;
  /** Of a run that sleeps, or waits for its next attempt: until when. ISO 8601, in UTC. */
  waitsUntil: string | null;
  /** As people read it. */
  name: string;
  /** What the job logged, oldest first: at most 200 lines and 64 KiB, the newest. */
  log: CronLogLine[];
  /** Older lines that were not kept. */
  droppedLogLines: number;
  /** Its parts that stand in the ledger, in the order in which they began. */
  steps: CronStep[];
  /** Where the engine shows the run, if it does. */
  engineUrl: string | null;
}

export interface CronLogLine {
  /** When it happened. ISO 8601, in UTC. */
  at: string;
  /** How grave it is. */
  level: "debug" | "info" | "warn" | "error";
  /** What the job logged. */
  message: string;
  /** The facts beside the message, as JSON. */
  details: string | null;
}

export interface CronStep {
  /** What the job calls the step. */
  name: string;
  /** How often it was begun. */
  attempt: number;
  /** When it began. ISO 8601, in UTC. */
  startedAt: string;
  /** When it ended; null while it runs. ISO 8601, in UTC. */
  finishedAt: string | null;
  /** Of a sleep: when it is over. ISO 8601, in UTC. */
  wakeAt: string | null;
  /** Why the last attempt failed; null where it did not. */
  error: string | null;
}

export interface QueuedJob {
  /** As `enqueue` gave it. */
  jobId: string;
  /** What the job is called in the code. */
  name: string;
  /** How it stands. */
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "lost";
  /** Which attempt runs or comes next, from 1. */
  attempt: number;
  /** How many it has at most; null where this server's code has no such job. */
  attempts: number | null;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** Not before then: as it was asked for, or after a sleep or a failed attempt. ISO 8601, in UTC. */
  runAt: string;
  /** When it began. ISO 8601, in UTC. */
  startedAt: string | null;
  /** When it ended; null while it runs. ISO 8601, in UTC. */
  finishedAt: string | null;
  /** Why it failed; null where it did not. */
  error: string | null;
}

export interface QueuedJobDetail {
  /** As `enqueue` gave it. */
  jobId: string;
  /** What the job is called in the code. */
  name: string;
  /** How it stands. */
  status: "queued" | "running" | "succeeded" | "failed" | "cancelled" | "lost";
  /** Which attempt runs or comes next, from 1. */
  attempt: number;
  /** How many it has at most; null where this server's code has no such job. */
  attempts: number | null;
  /** When it was made. ISO 8601, in UTC. */
  createdAt: string;
  /** Not before then: as it was asked for, or after a sleep or a failed attempt. ISO 8601, in UTC. */
  runAt: string;
  /** When it began. ISO 8601, in UTC. */
  startedAt: string | null;
  /** When it ended; null while it runs. ISO 8601, in UTC. */
  finishedAt: string | null;
  /** Why it failed; null where it did not. */
  error: string | null;
  /** What it was given. */
  input?: unknown;
  /** What the job returned, as JSON; null for nothing. */
  result?: unknown;
  /** What the job logged, oldest first: at most 200 lines and 64 KiB, the newest. */
  log: CronLogLine[];
  /** Older lines that were not kept. */
  droppedLogLines: number;
  /** Its parts that stand in the ledger, in the order in which they began. */
  steps: CronStep[];
  /** Where the engine shows the run, if it does. */
  engineUrl: string | null;
}

export interface Need {
  /** The same for as long as it is the same. */
  key: string;
  /** `error` wants somebody today, `warning` some day. */
  severity: "error" | "warning";
  /** What is amiss. */
  title: string;
  /** What to do. */
  body: string;
}

export interface AuthCreateTokenInput {
  /** An address of mail. 0 to 254 characters. */
  email: string;
  /** Common ones are refused when it is set. 1 to 1,024 characters. */
  password: string;
  /** As people read it. 1 to 120 characters. */
  name?: string;
  /** Where the account has a second factor. Without it the right password is answered UNAUTHENTICATED with `details.secondFactor: "required"`, with a wrong one `"wrong"`. 6 to 40 characters. */
  totp?: string;
}

export interface AuthCreateTokenOutput {
  /** A secret: whoever has it is let in. */
  token: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
}

export interface AuthSessionsInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
}

export interface AuthSessionsOutput {
  /** The rows of this page. */
  items: Session[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface AuthRevokeSessionInput {
  /** The session's. */
  sessionId: string;
}

export interface AuthRevokeSessionOutput {
  /** It is done. */
  revoked: true;
}

export interface AuthCreateUserInput {
  /** An address of mail. 0 to 254 characters. */
  email: string;
  /** Common ones are refused when it is set. 8 to 1,024 characters. */
  password?: string;
  /** As people read it. 1 to 120 characters. */
  name?: string;
  /** Admins see to the installation; members have their own things. Default: "member". */
  role?: "admin" | "member";
}

export interface AuthCreateUserOutput {
  /** The user's. */
  userId: string;
  /** Where the guest is to go. */
  inviteUrl?: string;
}

export interface AuthUsersInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
}

export interface AuthUsersOutput {
  /** The rows of this page. */
  items: {
    /** The user's. */
    id: string;
    /** An address of mail. */
    email: string;
    /** As people read it. */
    name: string | null;
    /** Admins see to the installation; members have their own things. */
    role: "admin" | "member";
    /** Where the picture of this person is; null for none. */
    avatarUrl: string | null;
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** Has a link that sets the first password, not yet used. */
    invited: boolean;
    /** When the account was disabled; null while it is not. ISO 8601, in UTC. */
    disabledAt: string | null;
    /** Whether a second factor is asked for. */
    hasSecondFactor: boolean;
    /** Of any session that still lives, to the minute. ISO 8601, in UTC. */
    lastUsedAt: string | null;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface AuthInvitationInput {
  /** A secret: whoever has it is let in. 1 to 128 characters. */
  token: string;
}

export interface AuthInvitationOutput {
  /** An address of mail. */
  email: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
  /** Whether the link is of an invitation or of a reset. */
  purpose: "invitation" | "reset";
}

export interface AuthAcceptInvitationInput {
  /** A secret: whoever has it is let in. 1 to 128 characters. */
  token: string;
  /** Common ones are refused when it is set. 8 to 1,024 characters. */
  password: string;
  /** As people read it. 1 to 120 characters. */
  name?: string;
}

export interface AuthAcceptInvitationOutput {
  /** The user's. */
  userId: string;
  /** An address of mail. */
  email: string;
}

export interface AuthSignUpInput {
  /** An address of mail. 0 to 254 characters. */
  email: string;
  /** Common ones are refused when it is set. 8 to 1,024 characters. */
  password: string;
  /** As people read it. 1 to 120 characters. */
  name?: string;
}

export interface AuthSignUpOutput {
  /** The user's. */
  userId: string;
}

export interface AuthChangePasswordInput {
  /** The one that is set. 1 to 1,024 characters. */
  currentPassword: string;
  /** Common ones are refused. 8 to 1,024 characters. */
  newPassword: string;
}

export interface AuthChangePasswordOutput {
  /** How many other sessions ended. */
  revokedSessions: number;
}

export interface AuthInviteAgainInput {
  /** The user's. */
  userId: string;
}

export interface AuthInviteAgainOutput {
  /** Where the guest is to go. */
  inviteUrl: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
}

export interface AuthCreateResetLinkInput {
  /** The user's. */
  userId: string;
}

export interface AuthCreateResetLinkOutput {
  /** Where the user sets a new password. */
  resetUrl: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
}

export interface AuthSetRoleInput {
  /** The user's. */
  userId: string;
  /** Admins see to the installation; members have their own things. */
  role: "admin" | "member";
}

export interface AuthSetRoleOutput {
  /** Admins see to the installation; members have their own things. */
  role: "admin" | "member";
}

export interface AuthSetDisabledInput {
  /** The user's. */
  userId: string;
  /** Whether the account is to be disabled. */
  disabled: boolean;
}

export interface AuthSetDisabledOutput {
  /** When the account was disabled; null while it is not. ISO 8601, in UTC. */
  disabledAt: string | null;
}

export interface AuthResetSecondFactorInput {
  /** The user's. */
  userId: string;
}

export interface AuthResetSecondFactorOutput {
  /** It is done. */
  reset: true;
}

export interface AuthBelongingsInput {
  /** The user's. */
  userId: string;
}

export interface AuthBelongingsOutput {
  /** Small private files. */
  files: {
    /** How many there are. */
    count: number;
    /** Bytes in all. */
    bytes: number;
  };
  /** Photos and clips. */
  media: {
    /** How many there are. */
    count: number;
    /** Bytes in all. */
    bytes: number;
  };
  /** Instruments. */
  instruments: {
    /** How many there are. */
    count: number;
    /** How many of them everybody sees. */
    published: number;
  };
  /** Rooms that are not closed. */
  openRooms: number;
  /** Sessions that live. */
  sessions: number;
}

export interface AuthRemoveUserInput {
  /** The user's. */
  userId: string;
  /** What becomes of what the account has. */
  belongings:
    | "delete"
    | {
        /** The user who gets it. */
        handOverTo: string;
      };
}

export interface AuthRemoveUserOutput {
  /** It is done. */
  removed: true;
}

export interface AuthSecondFactorOutput {
  /** Whether a second factor is asked for. */
  on: boolean;
  /** When it was turned on; null where it is off. ISO 8601, in UTC. */
  since: string | null;
  /** Recovery codes that were not used. */
  recoveryCodesLeft: number;
}

export interface AuthStartSecondFactorInput {
  /** Common ones are refused when it is set. 1 to 1,024 characters. */
  password: string;
}

export interface AuthStartSecondFactorOutput {
  /** Base32, to be typed. */
  secret: string;
  /** `otpauth://totp/…`, for a QR code. */
  uri: string;
}

export interface AuthConfirmSecondFactorInput {
  /** Six digits from the authenticator app, or a recovery code; spaces and hyphens do not matter. 6 to 40 characters. */
  totp: string;
}

export interface AuthConfirmSecondFactorOutput {
  /** Each is good for one sign-in without the app. */
  recoveryCodes: string[];
}

export interface AuthRenewRecoveryCodesInput {
  /** Six digits from the authenticator app, or a recovery code; spaces and hyphens do not matter. 6 to 40 characters. */
  totp: string;
}

export interface AuthRenewRecoveryCodesOutput {
  /** Each is good for one sign-in without the app. */
  recoveryCodes: string[];
}

export interface AuthTurnOffSecondFactorInput {
  /** Six digits from the authenticator app, or a recovery code; spaces and hyphens do not matter. 6 to 40 characters. */
  totp: string;
}

export interface AuthTurnOffSecondFactorOutput {
  /** Whether a second factor is asked for. */
  on: false;
}

export interface AuditListInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** Only of these kinds. 1 to 21 items. */
  kinds?: (
    | "signIn.succeeded"
    | "signIn.failed"
    | "session.revoked"
    | "password.changed"
    | "password.reset"
    | "resetLink.created"
    | "user.created"
    | "user.invited"
    | "user.signedUp"
    | "invitation.accepted"
    | "user.roleChanged"
    | "user.disabled"
    | "user.enabled"
    | "user.removed"
    | "secondFactor.turnedOn"
    | "secondFactor.turnedOff"
    | "secondFactor.reset"
    | "recoveryCode.used"
    | "recoveryCodes.renewed"
    | "signUpPolicy.changed"
    | "store.adopted"
  )[];
  /** Only what this user did, or what was done to them. */
  userId?: string;
}

export interface AuditListOutput {
  /** The rows of this page. */
  items: AuditEvent[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface ProfileSetAvatarInput {
  /** The file's. */
  storageId: string | null;
}

export interface ProfileSetAvatarOutput {
  /** Where the picture of this person is; null for none. */
  avatarUrl: string | null;
}

export interface ProfileSetNameInput {
  /** As people read it. 1 to 120 characters. */
  name: string;
}

export interface ProfileSetNameOutput {
  /** As people read it. */
  name: string;
}

export interface SettingsGetOutput {
  /** Who may make an account: invited people alone, or everybody. */
  signUp: "invitation" | "open";
  /** What keeps media. */
  objectStore: string;
  /** Whether PostgreSQL comes with the server or is the operator's. */
  database: "embedded" | "external";
  /** What gives relay servers. */
  iceProvider: "cloudflare" | "coturn" | "static" | "stun-only";
  /** What runs the jobs. */
  cronEngine: "embedded" | "inngest";
  /** Origins other than the server's own whose pages may ask. */
  allowedOrigins: string[];
  /** Other ways to sign in, by name. */
  signInProviders: string[];
}

export interface SettingsUpdateInput {
  /** Who may make an account: invited people alone, or everybody. */
  signUp: "invitation" | "open";
}

export interface SettingsUpdateOutput {
  /** Who may make an account: invited people alone, or everybody. */
  signUp: "invitation" | "open";
}

export interface SettingsPublicOutput {
  /** Who may make an account: invited people alone, or everybody. */
  signUp: "invitation" | "open";
  /** Other ways to sign in, by name. */
  signInProviders: string[];
  /** Where Piano Mirror is reached; null where it is nowhere. */
  mirrorUrl: string | null;
}

export interface OverviewSummaryOutput {
  /** What the caller stores. */
  storage: {
    /** What is stored. */
    filesBytes: number;
    /** Bytes of media. */
    mediaBytes: number;
    /** What open grants hold beside it. */
    filesReservedBytes: number;
    /** Bytes of media that open uploads reserve. */
    mediaReservedBytes: number;
    /** Bytes that files may take. */
    filesQuotaBytes: number;
    /** Bytes that media may take. */
    mediaQuotaBytes: number;
    /** Small private files. */
    files: number;
    /** Photos and clips. */
    media: number;
  };
  /** Since midnight UTC. */
  uploadsToday: {
    /** How many there are. */
    count: number;
    /** Bytes in all. */
    bytes: number;
  };
  /** The last 14 UTC days, oldest first. */
  uploadsPerDay: {
    /** As YYYY-MM-DD, in UTC. */
    day: string;
    /** Small private files. */
    files: number;
    /** Photos and clips. */
    media: number;
  }[];
  /** Null for members: jobs are an admin's business. */
  cronRuns24h: {
    /** Runs that succeeded. */
    succeeded: number;
    /** Runs that failed. */
    failed: number;
    /** Slots that passed without a run. */
    skipped: number;
    /** Runs whose process ended before they did. */
    lost: number;
  } | null;
  /** Rooms with somebody in them. */
  liveRooms: number;
  /** People in them. */
  livePeers: number;
  /** Files that no row refers to: they are purged a day after their upload. */
  unattachedFiles: number;
  /** For admins: what is amiss between the database and the store of bytes. */
  storeNeeds: {
    /** What is amiss. */
    title: string;
    /** What to do. */
    body: string;
  }[];
  /** Jobs whose last runs failed. */
  failingJobs: {
    /** As people read it. */
    name: string;
    /** Failures in a row. */
    failures: number;
    /** Why it failed; null where it did not. */
    error: string | null;
  }[];
  /** Of the asker's own, what was put there to be looked at; null where nothing is. */
  demo: {
    /** Instruments. */
    instrumentIds: string[];
    /** Media. */
    mediaKeys: string[];
    /** Files. */
    storageIds: string[];
    /** Rooms. */
    roomIds: string[];
  } | null;
}

export interface InstrumentsCreateInput {
  /** What is to be said of it. 0 to 5,000 characters. */
  description?: string | null;
  /** Who made it. 0 to 300 characters. */
  maker?: string | null;
  /** When it was made, in words. 0 to 300 characters. */
  year?: string | null;
  /** Its serial number. 0 to 300 characters. */
  serial?: string | null;
  /** Its measures, in words. 0 to 300 characters. */
  size?: string | null;
  /** What it is kept in. 0 to 300 characters. */
  case?: string | null;
  /** How it is preserved. 0 to 5,000 characters. */
  condition?: string | null;
  /** In words: `Price on request`, `NOK 480,000`. 0 to 300 characters. */
  price?: string | null;
  /** Who offers it. 0 to 300 characters. */
  seller?: string | null;
  /** Where visitors ask: an address of mail, or a web page. */
  contact?: string | string | "" | null;
  /** Where visitors see and hear it from afar. */
  viewingUrl?: string | "" | null;
  /** Small print below the rest. 0 to 5,000 characters. */
  footnote?: string | null;
  /** What the workshop did. 0 to 100 items. */
  workshopNotes?: {
    /** In words. 0 to 300 characters. */
    when: string;
    /** What was done. 1 to 5,000 characters. */
    text: string;
  }[];
  /** What the instrument is called. 1 to 300 characters. */
  name: string;
  /** Made from the name where it is left out. 0 to 80 characters. */
  slug?: string;
}

export interface InstrumentsUpdateInput {
  /** What is to be said of it. 0 to 5,000 characters. */
  description?: string | null;
  /** Who made it. 0 to 300 characters. */
  maker?: string | null;
  /** When it was made, in words. 0 to 300 characters. */
  year?: string | null;
  /** Its serial number. 0 to 300 characters. */
  serial?: string | null;
  /** Its measures, in words. 0 to 300 characters. */
  size?: string | null;
  /** What it is kept in. 0 to 300 characters. */
  case?: string | null;
  /** How it is preserved. 0 to 5,000 characters. */
  condition?: string | null;
  /** In words: `Price on request`, `NOK 480,000`. 0 to 300 characters. */
  price?: string | null;
  /** Who offers it. 0 to 300 characters. */
  seller?: string | null;
  /** Where visitors ask: an address of mail, or a web page. */
  contact?: string | string | "" | null;
  /** Where visitors see and hear it from afar. */
  viewingUrl?: string | "" | null;
  /** Small print below the rest. 0 to 5,000 characters. */
  footnote?: string | null;
  /** What the workshop did. 0 to 100 items. */
  workshopNotes?: {
    /** In words. 0 to 300 characters. */
    when: string;
    /** What was done. 1 to 5,000 characters. */
    text: string;
  }[];
  /** What the instrument is called. 1 to 300 characters. */
  name?: string;
  /** The last part of its public address. 0 to 80 characters. */
  slug?: string;
  /** The instrument's. */
  instrumentId: string;
}

export interface InstrumentsListInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
}

export interface InstrumentsListOutput {
  /** The rows of this page. */
  items: {
    /** The instrument's. */
    instrumentId: string;
    /** The last part of its public address. 0 to 80 characters. */
    slug: string;
    /** What the instrument is called. */
    name: string;
    /** Who made it. */
    maker: string | null;
    /** When it was made, in words. */
    year: string | null;
    /** When it was shown to everybody; null while it is not. ISO 8601, in UTC. */
    publishedAt: string | null;
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** When it was last changed. ISO 8601, in UTC. */
    updatedAt: string;
    /** How many photos it has. */
    photoCount: number;
    /** How many clips it has. */
    clipCount: number;
    /** The picture that stands for it; null for none. */
    cover: {
      /** Absolute, and good without a header or cookie. */
      url: string;
      /** In pixels, as displayed. */
      width: number | null;
      /** In pixels, as displayed. */
      height: number | null;
      /** A placeholder of some 25 bytes, in base64. */
      thumbHash: string | null;
      /** Smaller copies. */
      variants: MediaVariant[];
    } | null;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface InstrumentsGetInput {
  /** The instrument's. */
  instrumentId: string;
}

export interface InstrumentsDeleteInput {
  /** The instrument's. */
  instrumentId: string;
}

export interface InstrumentsDeleteOutput {
  /** It is done. */
  deleted: true;
}

export interface InstrumentsAddMediaInput {
  /** The instrument's. */
  instrumentId: string;
  /** Of media of the caller's. 1 to 200 items. */
  keys: string[];
  /** Keys of media: they go before the first of these that is there, else at the end. 0 to 200 items. */
  before?: string[];
}

export interface InstrumentsUpdateMediaInput {
  /** The instrument's. */
  instrumentId: string;
  /** Of a photo or clip in its place. */
  itemId: string;
  /** What is to be seen, for those who cannot see it. 0 to 300 characters. */
  alt?: string;
  /** What stands below it. 0 to 300 characters. */
  caption?: string;
  /** Makes it the one that stands for the instrument. */
  cover?: true;
}

export interface InstrumentsRemoveMediaInput {
  /** The instrument's. */
  instrumentId: string;
  /** Of a photo or clip in its place. */
  itemId: string;
}

/** Every item, each once, in the new order. */
export interface InstrumentsReorderMediaInput {
  /** The instrument's. */
  instrumentId: string;
  /** Every item, each once, in the new order. 0 to 200 items. */
  itemIds: string[];
}

export interface InstrumentsAttachFileInput {
  /** The instrument's. */
  instrumentId: string;
  /** The file's. */
  storageId: string;
  /** As people read it. 1 to 300 characters. */
  title: string;
}

export interface InstrumentsDetachFileInput {
  /** The instrument's. */
  instrumentId: string;
  /** Of a document in its place. */
  attachmentId: string;
}

export interface InstrumentsPublishInput {
  /** The instrument's. */
  instrumentId: string;
  /** Whether everybody sees it. */
  published: boolean;
}

export interface InstrumentsGetPublicInput {
  /** The last part of its public address. 0 to 80 characters. */
  slug: string;
}

export interface FilesGenerateUploadUrlInput {
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. 0 to 255 characters. */
  contentType?: string;
  /** In bytes. 1 to 104,857,600. */
  sizeBytes?: number;
  /** Of the bytes, in hexadecimal. */
  sha256?: string;
  /** The name it was given; null for none. 1 to 255 characters. */
  filename?: string;
  /** For a body that does not get through to the server: asks for `put`, which needs `sizeBytes`. Then `POST url` is sent without a body, with `x-fermata-stored: 1` and the headers that it always has, and means the bytes that were put. */
  direct?: boolean;
  /** The rule's name. 1 to 100 characters. */
  as?: string;
  /** What the rule takes along; its shape is the rule's. */
  input?: unknown;
}

export interface FilesGenerateUploadUrlOutput {
  /** Absolute, and good without a header or cookie. */
  url: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
  /** What may be posted: of the grant, or less, where the server's host lets less through. */
  maxBytes: number;
  /** Where `direct` asked for it and the store takes bytes itself: to be sent by PUT, exactly with these headers. */
  put?: {
    /** Where it is put. */
    url: string;
    /** Send exactly these: they are signed. */
    headers: Record<string, string>;
  };
  /** Of the file that the upload will make. */
  storageId: string;
}

export interface FilesAbortUploadInput {
  /** The file's. */
  storageId: string;
}

export interface FilesAbortUploadOutput {
  /** It is done. */
  aborted: true;
}

export interface FilesGetUrlInput {
  /** The file's. */
  storageId: string;
  /** The name it was given; null for none. 1 to 255 characters. */
  filename?: string;
  /** Of an image: scaled down to this width, as WebP. `&w=` on any file's URL does the same. */
  width?: 64 | 128 | 256 | 512 | 1024;
}

export interface FilesGetMetadataInput {
  /** The file's. */
  storageId: string;
}

export interface FilesListInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** Only files of this kind. */
  type?: "image" | "document" | "table" | "audio" | "video" | "archive" | "other";
  /** Only files that some row refers to, or only those that none does. */
  state?: "attached" | "unattached";
  /** Only files whose name holds this, in whatever case; a file without a name is called by its id. 0 to 255 characters. */
  search?: string;
  /** Whose files: your own unless said. An admin may name a user by id, or `all`, and then sees that files exist, not what is in them. */
  owner?: string;
  /** Have `counts` in the answer. */
  withCounts?: boolean;
}

export interface FilesListOutput {
  /** The rows of this page. */
  items: {
    /** The file's. */
    storageId: string;
    /** The name it was given; null for none. */
    filename: string | null;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** In bytes. */
    sizeBytes: number;
    /** Hexadecimal. */
    sha256: string;
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** The row that refers to it; left out where none does. */
    attachedTo?: {
      /** Which table it is a row of. */
      relation: string;
      /** The row's id. */
      id: string;
    };
    /** Of an image that can be decoded. */
    image?: {
      /** In pixels, as displayed: after the orientation is applied. */
      width: number;
      /** In pixels, as displayed. */
      height: number;
      /** EXIF's, 1 to 8: how the stored pixels are to be turned. */
      orientation: number;
      /** A ThumbHash in base64: a blurred placeholder of some 25 bytes. */
      thumbHash: string;
    };
    /** Null where the caller may not read the bytes. */
    url: string | null;
    /** Whose file it is. */
    owner: {
      /** The user's. */
      id: string;
      /** As people read it. */
      name: string | null;
      /** An address of mail. */
      email: string;
    };
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
  /** How many files the other filters leave in each state. */
  counts?: {
    /** Files that some row refers to. */
    attached: number;
    /** Files that none refers to. */
    unattached: number;
  };
}

export interface FilesKeepInput {
  /** The file's. */
  storageId: string;
  /** A name for what keeps the file, such as `invoice:123`. 1 to 200 characters. */
  owner: string;
}

export interface FilesKeepOutput {
  /** It is done. */
  kept: true;
}

export interface FilesLetGoInput {
  /** The file's. */
  storageId: string;
  /** A name for what keeps the file, such as `invoice:123`. 1 to 200 characters. */
  owner: string;
}

export interface FilesLetGoOutput {
  /** It is done. */
  letGo: true;
}

export interface FilesDeleteInput {
  /** The file's. */
  storageId: string;
}

export interface FilesDeleteOutput {
  /** It is done. */
  deleted: true;
}

export interface FilesDeletionsInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
}

export interface FilesDeletionsOutput {
  /** The rows of this page. */
  items: {
    /** The file's. */
    storageId: string;
    /** In bytes. */
    sizeBytes: number;
    /** When it was deleted or purged. ISO 8601, in UTC. */
    requestedAt: string;
    /** When the store had confirmed that the last of the bytes is gone, smaller copies included. ISO 8601, in UTC. */
    bytesDeletedAt: string | null;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface FilesUsageOutput {
  /** Ready files and open grants together: what the quota counts. */
  usedBytes: number;
  /** The part of it that open grants hold: uploads that may still come. */
  reservedBytes: number;
  /** Bytes that may be used. */
  quotaBytes: number;
  /** How many there are. */
  count: number;
}

export interface FilesUploadRulesOutput {
  /** By name, as the app declares them. */
  rules: {
    /** What uploads give as `as`. */
    name: string;
    /** A small private file, or heavy media that goes to the store. */
    kind: "file" | "media";
    /** Accepted media types, such as `application/pdf` or `image/*`; null for whatever is accepted everywhere. */
    types: string[] | null;
    /** The largest that is taken. */
    maxBytes: number;
  }[];
}

export interface ImportsFindInput {
  /** The other product's name. 1 to 200 characters. */
  source: string;
  /** The files' ids there. 1 to 100 items. */
  sourceIds: string[];
}

export interface ImportsFindOutput {
  /** The rows of this page. */
  items: ImportedFile[];
}

export interface ImportsListInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** The other product's name. 1 to 200 characters. */
  source: string;
}

export interface ImportsListOutput {
  /** The rows of this page. */
  items: ImportedFile[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface ImportsRecordInput {
  /** The other product's name. 1 to 200 characters. */
  source: string;
  /** The file's id there. 1 to 200 characters. */
  sourceId: string;
  /** When it was made there; null where that is not known. ISO 8601, in UTC. */
  sourceCreatedAt?: string;
  /** The file's. */
  storageId?: string;
  /** The key of the media; null where it became none. */
  mediaKey?: string;
}

export interface ImportsRecordOutput {
  /** It is done. */
  recorded: true;
}

export interface ImportsForgetInput {
  /** The other product's name. 1 to 200 characters. */
  source: string;
}

export interface ImportsForgetOutput {
  /** How many lines went. */
  forgotten: number;
}

export interface StorageGetUploadUrlInput {
  /** The name it was given; null for none. 1 to 255 characters. */
  filename: string;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. 0 to 255 characters. */
  contentType: string;
  /** In bytes. 1 to 5,363,466,240. */
  sizeBytes?: number;
  /** Of the bytes, in base64, as a Content-MD5 header has it. */
  md5?: string;
  /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. Default: "public". */
  visibility?: "public" | "private";
  /** What the client knows the same file by. An open grant of the caller's with the same one, of the same size, is given again. 1 to 200 characters. */
  fingerprint?: string;
  /** The rule's name. 1 to 100 characters. */
  as?: string;
  /** What the rule takes along; its shape is the rule's. */
  input?: unknown;
}

export interface StorageGetUploadUrlOutput {
  /** The media's, made by the server. */
  key: string;
  /** Where the bytes are to be sent. */
  uploadUrl: string;
  /** How. */
  method: "PUT";
  /** Send exactly these: they are signed. */
  headers: Record<string, string>;
  /** Where public media are read once they are ready; null for private ones. */
  publicUrl: string | null;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
  /** Where this server takes whole files itself, bytes and bearer in one request: there where it serves its own store. */
  direct?: {
    /** Absolute. Who sends says who that is as in every call. */
    url: string;
    /** Bytes that are taken at most. */
    maxBytes: number;
  };
  /** There where media up to this size may be sent to this server, which passes them on to the store. */
  passOn?: {
    /** Absolute. Who sends says who that is as in every call. */
    url: string;
    /** Bytes that are taken at most. */
    maxBytes: number;
  };
  /** There where the first part may be sent by POST, with `?opening=` and what `createMultipartUpload` is given as `opening`, before that is answered. It is answered as its signed PUT would be; what does not get through goes by that. */
  firstPart?: {
    /** Absolute. Who sends says who that is as in every call. */
    url: string;
    /** Bytes that are taken at most. */
    maxBytes: number;
  };
  /** There where this grant was open already; `stored`: its bytes have arrived, and only `completeUpload` is missing. */
  resumed?: "open" | "stored";
}

/** `md5` of what was sent, where the grant says none: whoever computes it meanwhile has it compared here. */
export interface StorageCompleteUploadInput {
  /** The media's, made by the server. */
  key: string;
  /** Of the bytes, in base64, as a Content-MD5 header has it. */
  md5?: string;
}

export interface StorageCreateMultipartUploadInput {
  /** The name it was given; null for none. 1 to 255 characters. */
  filename: string;
  /** The media type, such as `image/png`. Of what is stored, as its bytes show. 0 to 255 characters. */
  contentType: string;
  /** In bytes. 1 to 5,492,189,429,760. */
  sizeBytes: number;
  /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. Default: "public". */
  visibility?: "public" | "private";
  /** What the client knows the same file by. An open upload of the caller's with the same one is continued. 1 to 200 characters. */
  fingerprint?: string;
  /** A wish: small parts lose little where connections break. Rounded up to what the store and its 10,000 parts allow. 1 to 5,368,709,120. */
  partSizeBytes?: number;
  /** Answer with URLs for so many of the first parts at once: without checksums, which nobody has by then. 0 to 16. */
  signFirst?: number;
  /** Made by the sender, once for each call: the first part may come by it meanwhile, where `firstPart` says so. 16 to 100 characters. */
  opening?: string;
  /** The rule's name. 1 to 100 characters. */
  as?: string;
  /** What the rule takes along; its shape is the rule's. */
  input?: unknown;
}

export interface StorageCreateMultipartUploadOutput {
  /** The media's, made by the server. */
  key: string;
  /** The store's own name of the upload. */
  uploadId: string;
  /** Whether this is an upload that was open already: `listParts` tells what it has. */
  resumed: boolean;
  /** Bytes of each part but the last, which may be smaller. */
  partSizeBytes: number;
  /** How many parts there are. */
  partCount: number;
  /** What `signParts` should be given of each part. Every store takes an MD5; one that takes SHA-256 is faster with it. */
  checksum: "md5" | "sha256";
  /** Whether the server hears of parts from the store itself: then `uploaded` tells it nothing. */
  knowsParts: boolean;
  /** Whether what came of a part is kept when its connection is cut: HEAD of its URL answers with `Upload-Offset`, and a PUT with the same header sends the rest. Whoever sends it with 0 is told by 409 that there is more. */
  keepsCutParts?: boolean;
  /** Whether a part whose URL was signed without a checksum may bring one, as `Digest: sha-256=<base64>` or `Content-MD5`: then it is compared like one that was signed. */
  comparesDigests?: boolean;
  /** Whether the ETag of a part is the MD5 of its bytes, so that a part whose URL was signed without a checksum may be compared once it is there. */
  etagIsMd5?: boolean;
  /** Whether the PUT of a part with `Upload-Complete: ?1` completes the upload where it was the last one missing. Then it answers with the media as JSON, or with why they may not be media and the part's ETag; otherwise with nothing, and `completeMultipartUpload` completes it. So it does once a second session was given the upload. */
  completesWithLast?: boolean;
  /** Of the first parts, as many as `signFirst` asked for, where a part may bring its checksum itself or is told by its ETag; none of an upload that was open already. */
  urls?: {
    /** Counted from 1. 1 to 10,000. */
    partNumber: number;
    /** Absolute, and good without a header or cookie. */
    url: string;
    /** Send exactly these: they are signed. */
    headers: Record<string, string>;
  }[];
  /** Where public media are read once they are ready; null for private ones. */
  publicUrl: string | null;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
}

export interface StorageSignPartsInput {
  /** The media's, made by the server. */
  key: string;
  /** The parts. 0 to 1,000 items. */
  parts: {
    /** Counted from 1. 1 to 10,000. */
    partNumber: number;
    /** Of the bytes, in base64, as a Content-MD5 header has it. */
    md5?: string;
    /** In place of the MD5, where the upload's `checksum` is `sha256`. */
    sha256?: string;
  }[];
  /** Parts that the store has taken since the last call: kept, so that a reload can resume. 0 to 10,000 items. */
  uploaded?: {
    /** Counted from 1. 1 to 10,000. */
    partNumber: number;
    /** The ETag that the store answered with. 1 to 512 characters. */
    etag: string;
    /** Of its bytes: whoever resumes compares them with the file's. */
    md5?: string;
  }[];
}

export interface StorageSignPartsOutput {
  /** One for each part, in the order asked for. */
  urls: {
    /** Counted from 1. 1 to 10,000. */
    partNumber: number;
    /** Absolute, and good without a header or cookie. */
    url: string;
    /** Send exactly these: they are signed. */
    headers: Record<string, string>;
  }[];
}

export interface StorageListPartsInput {
  /** The media's, made by the server. */
  key: string;
}

export interface StorageListPartsOutput {
  /** The parts. */
  parts: {
    /** Counted from 1. 1 to 10,000. */
    partNumber: number;
    /** In bytes. */
    sizeBytes: number;
    /** The ETag that the store answered with. */
    etag: string;
    /** Base64; missing where nobody said it. */
    md5?: string;
    /** Hex; of parts that were signed with one. */
    sha256?: string;
  }[];
}

export interface StorageListUnfinishedOutput {
  /** The rows of this page. */
  items: UnfinishedUpload[];
}

export interface StorageCompleteMultipartUploadInput {
  /** The media's, made by the server. */
  key: string;
  /** The parts. 1 to 10,000 items. */
  parts: {
    /** Counted from 1. 1 to 10,000. */
    partNumber: number;
    /** The ETag that the store answered with. 1 to 512 characters. */
    etag: string;
    /** Of a part that nobody has compared yet: then it is compared with what is there. Of each, where all are known, since the ETag of the whole tells them at once. */
    md5?: string;
  }[];
}

export interface StorageAbortUploadInput {
  /** The media's, made by the server. */
  key: string;
}

export interface StorageAbortUploadOutput {
  /** It is done. */
  aborted: true;
}

export interface StorageGetUrlInput {
  /** The media's, made by the server. */
  key: string;
  /** The name it was given; null for none. 1 to 255 characters. */
  filename?: string;
}

export interface StorageGetMetadataInput {
  /** The media's, made by the server. */
  key: string;
}

export interface StorageListInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** Whose media: your own unless said. An admin may name a user by id, or `all`, and then sees what is public, and that the rest exists. */
  owner?: string;
}

/** `url` reads the object now, whatever its visibility; null until it is ready, and where it is somebody else's and private. */
export interface StorageListOutput {
  /** The rows of this page. */
  items: {
    /** The media's, made by the server. */
    key: string;
    /** The name it was given; null for none. */
    filename: string;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** In bytes. */
    sizeBytes: number;
    /** How it stands. */
    status: "pending" | "ready" | "failed";
    /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. */
    visibility: "public" | "private";
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** Where public media are read once they are ready; null for private ones. */
    publicUrl: string | null;
    /** Pixels as displayed, once they are known. */
    width?: number;
    /** In pixels, as displayed. */
    height?: number;
    /** Seconds; null or left out for what has no duration. */
    durationSeconds?: number;
    /** RFC 6381, such as `avc1.640028, mp4a.40.2`. */
    codec?: string;
    /** A placeholder of some 25 bytes, in base64; for a clip, that of its poster. */
    thumbHash?: string;
    /** Of a recording: 256 peaks from its beginning to its end, a byte each, 255 the loudest that there is; in base64. */
    waveform?: string;
    /** Smaller copies without metadata; for a clip, of its poster. */
    variants?: MediaVariant[];
    /** The picture that stands for a clip. */
    posterUrl?: string;
    /** Left out for what is not processed. The original can be used in every state. */
    processing?: {
      /** How far it is. */
      state: "processing" | "ready" | "failed";
      /** Why it failed. `storage.reprocess` tries again. */
      reason?: string;
    };
    /** Absolute, and good without a header or cookie. */
    url: string | null;
    /** Whose file it is. */
    owner: {
      /** The user's. */
      id: string;
      /** As people read it. */
      name: string | null;
      /** An address of mail. */
      email: string;
    };
    /** The caller's instruments that show it. */
    instruments: {
      /** The instrument's. */
      instrumentId: string;
      /** What the instrument is called. */
      name: string;
    }[];
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface StorageUsageOutput {
  /** Ready media and open uploads together: what the quota counts. */
  usedBytes: number;
  /** The part of it that uploads hold which have not ended. */
  reservedBytes: number;
  /** Bytes that may be used. */
  quotaBytes: number;
  /** How many there are. */
  count: number;
  /** Where this server takes whole files itself, bytes and bearer in one request: there where it serves its own store. */
  direct?: {
    /** Absolute. Who sends says who that is as in every call. */
    url: string;
    /** Bytes that are taken at most. */
    maxBytes: number;
  };
  /** There where media up to this size may be sent to this server, which passes them on to the store. */
  passOn?: {
    /** Absolute. Who sends says who that is as in every call. */
    url: string;
    /** Bytes that are taken at most. */
    maxBytes: number;
  };
  /** There where the first part may be sent by POST, with `?opening=` and what `createMultipartUpload` is given as `opening`, before that is answered. It is answered as its signed PUT would be; what does not get through goes by that. */
  firstPart?: {
    /** Absolute. Who sends says who that is as in every call. */
    url: string;
    /** Bytes that are taken at most. */
    maxBytes: number;
  };
}

export interface StorageReprocessInput {
  /** The media's, made by the server. */
  key: string;
}

export interface StorageSetPosterInput {
  /** The media's, made by the server. */
  key: string;
  /** Of the photo; null for none. */
  posterKey: string | null;
}

export interface StorageBreakdownOutput {
  /** Only of these kinds. */
  kinds: {
    /** Of which kind it is. */
    kind: "photos" | "clips" | "others";
    /** How many there are. */
    count: number;
    /** Bytes in all. */
    bytes: number;
  }[];
  /** Reserved by uploads that are not complete. */
  pendingBytes: number;
  /** Smaller copies. They do not count against the quota. */
  copies: {
    /** How many there are. */
    count: number;
    /** Bytes in all. */
    bytes: number;
  };
  /** Of the last twelve months, oldest first: what had come by the end of each and is still there. */
  months: {
    /** As YYYY-MM, in UTC. */
    month: string;
    /** Bytes in all. */
    bytes: number;
  }[];
}

export interface StorageFindingsOutput {
  /** The last sweep; null before the first. */
  sweep: {
    /** When it happened. ISO 8601, in UTC. */
    at: string;
    /** How many were looked at. */
    seen: number;
    /** Objects without a row that were deleted. */
    orphans: number;
    /** Bytes in all. */
    bytes: number;
    /** Seen without a row, and kept for now. */
    strays?: number;
    /** Why nothing was swept, where the store is not this installation's. */
    refused?: string | null;
  } | null;
  /** The last check; null before the first. */
  check: {
    /** When it happened. ISO 8601, in UTC. */
    at: string;
    /** How many were looked at. */
    seen: number;
    /** Ready rows whose object is not there. */
    missing: number;
    /** Bytes in all. */
    bytes: number;
  } | null;
  /** Bytes that are to be deleted. */
  outbox: {
    /** How many. */
    waiting: number;
    /** Bytes in all. */
    bytes: number;
    /** Tried before, and refused by the store. */
    refused: number;
    /** The store's last refusal; null for none. */
    lastError: string | null;
  };
  /** Media whose facts or copies could not be made. */
  failedProcessing: number;
  /** Whose the store is; null before it was looked at. */
  owner: {
    /** Whose the store is. */
    installationId: string;
    /** Whose the store says it is, where that is another. */
    foundId: string | null;
    /** Where it is not `ours`, sweeps delete nothing. */
    standing: "ours" | "unproven" | "foreign" | "copied" | "behind";
    /** The outbox deletes nothing either. */
    holdsBack: boolean;
    /** When that was last looked at. ISO 8601, in UTC. */
    checkedAt: string;
    /** What is wrong and what to do; null where nothing is. */
    problem: {
      /** What is wrong. */
      finding: string;
      /** What to do. */
      remedy: string;
    } | null;
  } | null;
  /** Objects that sweeps saw without a row. */
  strays: {
    /** How many there are. */
    count: number;
    /** Bytes in all. */
    bytes: number;
    /** Of them, those that nobody has decided about. */
    undecided: number;
    /** There are more than a sweep deletes unasked: `decideStrays` answers. */
    asks: boolean;
  };
}

export interface StorageRecoverInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** Make rows of them. Default: false. */
  adopt?: boolean;
}

export interface StorageRecoverOutput {
  /** How many were looked at. */
  seen: number;
  /** Objects that no row knows. */
  found: {
    /** The store's bucket. */
    bucket: string;
    /** The media's, made by the server. */
    key: string;
    /** The name it was given; null for none. */
    filename: string;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** In bytes. */
    sizeBytes: number;
    /** When the store took it. ISO 8601, in UTC. */
    modifiedAt: string;
    /** Whether it is done. */
    adopted: boolean;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface StorageStraysInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
}

export interface StorageStraysOutput {
  /** The rows of this page. */
  items: {
    /** The store's bucket. */
    bucket: string;
    /** The media's, made by the server. */
    key: string;
    /** In bytes. */
    sizeBytes: number;
    /** When the store took it. ISO 8601, in UTC. */
    modifiedAt: string;
    /** A sweep deletes it a week after this, if it may. ISO 8601, in UTC. */
    firstSeenAt: string;
    /** Why it may be deleted unasked: its row went, or never became ready. Null where a person decides. */
    reason: "released" | "unfinished" | null;
    /** What is to become of it. */
    decision: "delete" | "keep" | null;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface StorageDecideStraysInput {
  /** What is to become of it. */
  decision: "delete" | "keep";
}

export interface StorageDecideStraysOutput {
  /** How many there are. */
  count: number;
}

export interface StorageAdoptOutput {
  /** Whether it is done. */
  adopted: true;
  /** Whose the store is. */
  installationId: string;
  /** Whose it was, where it was another's. */
  from: string | null;
}

export interface StorageDeleteInput {
  /** The media's, made by the server. */
  key: string;
}

export interface StorageDeleteOutput {
  /** It is done. */
  deleted: true;
}

export interface StorageExportInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
}

export interface StorageExportOutput {
  /** The rows of this page. */
  items: {
    /** The media's, made by the server. */
    key: string;
    /** The store's bucket. */
    bucket: string;
    /** The user's. */
    userId: string;
    /** The owner's address of mail. */
    userEmail: string;
    /** The name it was given; null for none. */
    filename: string;
    /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
    contentType: string;
    /** In bytes. */
    sizeBytes: number | null;
    /** How it stands. */
    status: "pending" | "ready" | "failed";
    /** Public media are read by anybody at their `publicUrl`, private ones by signed URLs. */
    visibility: "public" | "private";
    /** The ETag that the store answered with. */
    etag: string | null;
    /** Why it failed; null where it did not. */
    failure: string | null;
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** When it became ready; null before. ISO 8601, in UTC. */
    readyAt: string | null;
    /** In pixels, as displayed. */
    width: number | null;
    /** In pixels, as displayed. */
    height: number | null;
    /** Seconds; null or left out for what has no duration. */
    durationSeconds: number | null;
    /** Where public media are read once they are ready; null for private ones. */
    publicUrl: string | null;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
  /** How many rows there are; with the first page alone. */
  total: number | null;
}

export interface StorageReindexInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** Have rows take over what the store says. Default: false. */
  mend?: boolean;
}

export interface StorageReindexOutput {
  /** How many were looked at. */
  seen: number;
  /** How many ready rows there are; with the first page alone. */
  total: number | null;
  /** Where row and store differ. */
  findings: {
    /** The media's, made by the server. */
    key: string;
    /** The store's bucket. */
    bucket: string;
    /** The name it was given; null for none. */
    filename: string;
    /** `missing` is reported and never mended: a store that answers wrongly must not cost anybody a row. */
    problem: "missing" | "differs";
    /** What the row says. */
    row: {
      /** In bytes. */
      sizeBytes: number;
      /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
      contentType: string;
      /** The ETag that the store answered with. */
      etag: string | null;
    };
    /** What the store says; null for nothing. */
    stored: {
      /** In bytes. */
      sizeBytes: number;
      /** The media type, such as `image/png`. Of what is stored, as its bytes show. */
      contentType: string;
      /** The ETag that the store answered with. */
      etag: string;
    } | null;
    /** Whether it is done. */
    mended: boolean;
  }[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface SignalingCreateRoomInput {
  /** As people read it. 1 to 120 characters. */
  name?: string;
  /** Seats in it. 1 to 16. Default: 2. */
  capacity?: number;
}

export interface SignalingCreateRoomOutput {
  /** The room's. */
  roomId: string;
  /** Lets whoever has it join. A secret. */
  inviteToken: string;
  /** From then on it is void. ISO 8601, in UTC. */
  expiresAt: string;
  /** An address of Piano Mirror that leads into the room; left out where it is not known. */
  inviteUrl?: string;
}

export interface SignalingPrepareInput {
  /** The room's. */
  roomId: string;
  /** Lets whoever has it join. A secret. 1 to 256 characters. */
  inviteToken?: string;
  /** The same one with the join: what is given here is then that seat's. */
  lobbyKey: string;
}

export interface SignalingPrepareOutput {
  /** Relays, and the credentials for them. */
  turn: TurnConfig;
}

export interface SignalingJoinInput {
  /** The room's. */
  roomId: string;
  /** Lets whoever has it join. A secret. 1 to 256 characters. */
  inviteToken?: string;
  /** What the others see. 1 to 80 characters. */
  displayName: string;
  /** Takes the same seat again after a reload. A secret. 1 to 256 characters. */
  resumeToken?: string;
  /** The same one again when an answer was lost: it finds the seat that was taken, which stays the caller's. */
  joinKey?: string;
  /** Asks for `turn` in the answer. */
  turn?: boolean;
  /** The payload of an `offer`, sent with the join to the peer that has been there longest, so that a call need not wait for the answer first. With nobody there it is dropped. */
  offer?: unknown;
  /** Of the `prepare` before it. */
  lobbyKey?: string;
}

export interface SignalingJoinOutput {
  /** The seat's. */
  peerId: string;
  /** The bearer of this seat, good for this room alone. A secret. */
  roomToken: string;
  /** Takes the same seat again after a reload. A secret. */
  resumeToken: string;
  /** Whether it gives way when two offers cross. */
  polite: boolean;
  /** Who sits in the room. */
  peers: Peer[];
  /** How far the room's log was read: `epoch:seq`. */
  cursor: string;
  /** What the server's clock says, for devices whose own is wrong. ISO 8601, in UTC. */
  serverTime: string;
  /** What `turnConfig` answers, so that a call need not wait for a second question; left out where it is not known at once. */
  turn?: TurnConfig;
  /** Who got the `offer`. */
  offeredTo?: string;
  /** The server keeps sends in order by their `after`, so that several may be under way. */
  ordersSends?: true;
}

export interface SignalingSendInput {
  /** The room's. */
  roomId: string;
  /** The one peer it is for; null or left out for all. */
  to?: string;
  /** In order. 1 to 50 items. */
  messages: {
    /** Of which kind it is. */
    kind: string;
    /** Any JSON, at most 32 KiB. */
    payload: unknown;
  }[];
  /** The same one again when an answer was lost: what was stored is not stored again, as long as it is kept. */
  sendKey?: string;
  /** The `sendKey` of the caller's send that this one comes behind, which may be under way still: one that overtakes it waits for it. CONFLICT, and not sent, where it was refused or does not come. */
  after?: string;
}

export interface SignalingSendOutput {
  /** How far the room's log was read: `epoch:seq`. */
  cursor: string;
}

export interface SignalingMessagesInput {
  /** The room's. */
  roomId: string;
  /** The cursor that was read last; left out to read from now on. */
  lastEventId?: string | null;
  /** Have joins and leaves as messages of kind `peer.joined`, `peer.left` and, of a page that went and may come back, `peer.away`. Default: false. */
  presence?: boolean;
}

export interface SignalingMessagesOfManyInput {
  /** The rooms to follow. 1 to 32 items. */
  rooms: {
    /** The bearer of this seat, good for this room alone. A secret. 1 to 256 characters. */
    roomToken: string;
    /** The cursor that was read last; left out to read from now on. */
    lastEventId?: string | null;
    /** Have joins and leaves as messages of kind `peer.joined`, `peer.left` and, of a page that went and may come back, `peer.away`. Default: false. */
    presence?: boolean;
  }[];
}

export interface SignalingMessagesOfManyOutput {
  /** Which of the rooms that were asked for. Alone, it says that the room is followed from here on. */
  room: number;
  /** A message of that room. */
  event?: RoomMessage | RoomReset;
  /** Nothing more comes of this room. */
  error?: {
    /** The error's code. */
    appCode:
      | "UNAUTHENTICATED"
      | "FORBIDDEN"
      | "NOT_FOUND"
      | "INVALID_INPUT"
      | "PAYLOAD_TOO_LARGE"
      | "UNSUPPORTED_MEDIA_TYPE"
      | "CHECKSUM_MISMATCH"
      | "UPLOAD_EXPIRED"
      | "UPLOAD_ALREADY_USED"
      | "UPLOAD_INCOMPLETE"
      | "QUOTA_EXCEEDED"
      | "RATE_LIMITED"
      | "CONFLICT"
      | "ROOM_FULL"
      | "ROOM_CLOSED"
      | "UPSTREAM_UNAVAILABLE"
      | "INTERNAL";
    /** What is to be read. */
    message: string;
    /** Facts beside it, in plain JSON. */
    details?: Record<string, unknown>;
  };
}

export interface SignalingPullInput {
  /** The room's. */
  roomId: string;
  /** The cursor that was read last. */
  after?: string | null;
  /** Have joins and leaves as messages of kind `peer.joined`, `peer.left` and, of a page that went and may come back, `peer.away`. Default: false. */
  presence?: boolean;
}

export interface SignalingPullOutput {
  /** In order. */
  messages: (RoomMessage | RoomReset)[];
  /** How far the room's log was read: `epoch:seq`. */
  cursor: string;
}

export interface SignalingLeaveInput {
  /** The room's. */
  roomId: string;
  /** The page goes and may come back: the seat stays the caller's until somebody else needs it. */
  mayReturn?: boolean;
  /** Of a join that was given up before its answer came, in the place of a room token. */
  joinKey?: string;
}

export interface SignalingLeaveOutput {
  /** It is done. */
  left: true;
}

export interface SignalingPeersInput {
  /** The room's. */
  roomId: string;
}

export interface SignalingPeersOutput {
  /** Who sits in the room. */
  peers: Peer[];
}

export interface SignalingTurnConfigInput {
  /** The room's. */
  roomId?: string;
}

export interface SignalingRoomsInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** Whether only rooms that are not closed are wanted. Default: true. */
  open?: boolean;
}

export interface SignalingRoomsOutput {
  /** The rows of this page. */
  items: Room[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface SignalingKickInput {
  /** The room's. */
  roomId: string;
  /** The seat's. */
  peerId: string;
}

export interface SignalingKickOutput {
  /** It is done. */
  kicked: true;
  /** Lets whoever has it join. A secret. */
  inviteToken: string;
  /** An address of Piano Mirror that leads into the room; left out where it is not known. */
  inviteUrl?: string;
}

export interface SignalingRotateInviteInput {
  /** The room's. */
  roomId: string;
}

export interface SignalingRotateInviteOutput {
  /** Lets whoever has it join. A secret. */
  inviteToken: string;
  /** An address of Piano Mirror that leads into the room; left out where it is not known. */
  inviteUrl?: string;
}

export interface SignalingCloseRoomInput {
  /** The room's. */
  roomId: string;
}

export interface SignalingCloseRoomOutput {
  /** It is done. */
  closed: true;
}

export interface SignalingActivityOutput {
  /** Seconds between two samples. */
  stepSeconds: number;
  /** Oldest first. */
  samples: RoomSample[];
}

export interface SignalingTurnUsageOutput {
  /** What gave them; `stun-only` where no relay is to be had. */
  provider: "cloudflare" | "coturn" | "static" | "stun-only";
  /** Credentials since midnight UTC. */
  mintedToday: number;
}

export interface CronsListOutput {
  /** The rows of this page. */
  items: CronJob[];
}

export interface CronsRunsInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** As people read it. 1 to 200 characters. */
  name: string;
}

export interface CronsRunsOutput {
  /** The rows of this page. */
  items: CronRun[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface CronsRunInput {
  /** The run's. */
  runId: string;
}

export interface CronsTriggerInput {
  /** As people read it. 1 to 200 characters. */
  name: string;
}

export interface CronsTriggerOutput {
  /** The run's. */
  runId: string;
}

export interface CronsPauseInput {
  /** As people read it. 1 to 200 characters. */
  name: string;
}

export interface CronsPauseOutput {
  /** Whether its slots pass as skipped. */
  paused: true;
}

export interface CronsResumeInput {
  /** As people read it. 1 to 200 characters. */
  name: string;
}

export interface CronsResumeOutput {
  /** Whether its slots pass as skipped. */
  paused: false;
}

export interface CronsQueueInput {
  /** Rows at most. 1 to 100. Default: 50. */
  limit?: number;
  /** The `nextCursor` of the page before; left out for the first page. 0 to 512 characters. */
  cursor?: string | null;
  /** What is over, in place of what waits or runs. Default: false. */
  over?: boolean;
}

export interface CronsQueueOutput {
  /** The rows of this page. */
  items: QueuedJob[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

export interface CronsQueuedJobInput {
  /** As `enqueue` gave it. */
  jobId: string;
}

export interface CronsCancelInput {
  /** As `enqueue` gave it. */
  jobId: string;
}

export interface CronsCancelOutput {
  /** It will not run. */
  cancelled: true;
}

export interface OperationsHealthOutput {
  /** What somebody should do, the gravest first. */
  needs: Need[];
  /** What readiness looks at. */
  checks: {
    /** What was looked at. */
    name: string;
    /** Whether it is well. */
    ok: boolean;
    /** What to do, when it is not. */
    remedy?: string;
    /** What to know though it is well. */
    notice?: string;
  }[];
  /** The process that answers. */
  process: {
    /** When it began. ISO 8601, in UTC. */
    startedAt: string;
    /** How late the event loop was within the last minute, in milliseconds. */
    loopLagP50Ms: number;
    /** Of the last minute: one in a hundred was later. */
    loopLagP99Ms: number;
    /** What the process takes of the machine's memory. */
    residentBytes: number;
    /** Of it, what its objects take. */
    heapUsedBytes: number;
    /** What its objects may take. */
    heapLimitBytes: number;
  };
  /** Connections to the database. */
  pool: {
    /** Connections at most. */
    size: number;
    /** Connections that stand. */
    open: number;
    /** Connections that nobody uses. */
    idle: number;
    /** Who waits for one. */
    waiting: number;
  };
  /** What is being answered. */
  requests: {
    /** Requests that run at once. */
    slots: number;
    /** Requests that run. */
    running: number;
    /** How many. */
    waiting: number;
    /** Since the process began. */
    refused: number;
  };
  /** Bytes that are to be deleted. */
  outbox: {
    /** How many. */
    waiting: number;
    /** When the oldest was written; null for none. ISO 8601, in UTC. */
    oldestAt: string | null;
    /** What the store refused five times or more. */
    refused: number;
  };
  /** The last backup that was made; null for none. */
  lastBackup: {
    /** When it was made. ISO 8601, in UTC. */
    createdAt: string;
    /** Rows in it. */
    tableRows: number;
    /** Objects in it. */
    objects: number;
  } | null;
  /** What runs. */
  versions: {
    /** Fermata's. */
    fermata: string;
    /** Node's. */
    node: string;
    /** PostgreSQL's. */
    postgres: string;
    /** The newest migration. */
    schema: string;
  };
}

/** Every procedure of the server. */
export type Procedures = {
  auth: {
    /**
     * Signs in and gives a bearer token: one row of the session table, which can be listed and revoked. For anybody.
     * @throws UNAUTHENTICATED, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    createToken: Mutation<AuthCreateTokenInput, AuthCreateTokenOutput>;
    /**
     * Who asks; null for nobody. For anybody.
     * @throws as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    me: Query<
      void,
      {
        /** Who asks. */
        user: User;
      } | null
    >;
    /**
     * The caller's sessions, browsers and tokens alike. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    sessions: Query<AuthSessionsInput | undefined, AuthSessionsOutput>;
    /**
     * Ends a session of the caller's; it fails on its next use. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    revokeSession: Mutation<AuthRevokeSessionInput, AuthRevokeSessionOutput>;
    /**
     * Makes an account: with a password, or with a link that sets the first one. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    createUser: Mutation<AuthCreateUserInput, AuthCreateUserOutput>;
    /**
     * Every account. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    users: Query<AuthUsersInput | undefined, AuthUsersOutput>;
    /**
     * What a link of an invitation or a reset opens. For anybody.
     * @throws NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    invitation: Query<AuthInvitationInput, AuthInvitationOutput>;
    /**
     * Sets the password, once. A reset ends every session and room seat of the account. For anybody.
     * @throws NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    acceptInvitation: Mutation<AuthAcceptInvitationInput, AuthAcceptInvitationOutput>;
    /**
     * Answered alike, with an id that may be nobody's, whether the address has an account already. For anybody.
     * @throws FORBIDDEN, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    signUp: Mutation<AuthSignUpInput, AuthSignUpOutput>;
    /**
     * Ends every other session, and the room seats that they took. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    changePassword: Mutation<AuthChangePasswordInput, AuthChangePasswordOutput>;
    /**
     * A link in place of the first one, which is void from then on. CONFLICT where a password is set. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    inviteAgain: Mutation<AuthInviteAgainInput, AuthInviteAgainOutput>;
    /**
     * A link by which a user sets a new password, once, within the hour. The old one works until then. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    createResetLink: Mutation<AuthCreateResetLinkInput, AuthCreateResetLinkOutput>;
    /**
     * CONFLICT where no admin would be left. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    setRole: Mutation<AuthSetRoleInput, AuthSetRoleOutput>;
    /**
     * Disabling ends every session and room seat at once. CONFLICT where no admin would be left. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    setDisabled: Mutation<AuthSetDisabledInput, AuthSetDisabledOutput>;
    /**
     * Takes away the second factor of somebody who lost it. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    resetSecondFactor: Mutation<AuthResetSecondFactorInput, AuthResetSecondFactorOutput>;
    /**
     * What a user has, before it is decided what becomes of it. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    belongings: Query<AuthBelongingsInput, AuthBelongingsOutput>;
    /**
     * Removes an account for good. `delete` removes all that it has, bytes too; with `handOverTo` ready files, media, instruments and open rooms become that user's, whatever their quota, and the rest goes. Their URLs go on. CONFLICT where no admin would be left. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    removeUser: Mutation<AuthRemoveUserInput, AuthRemoveUserOutput>;
    /**
     * Whether the caller's account has a second factor. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    secondFactor: Query<void, AuthSecondFactorOutput>;
    /**
     * Makes the secret that an authenticator app is to know. Nothing is asked for until a first code confirms it. For signed-in users.
     * @throws UNAUTHENTICATED, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    startSecondFactor: Mutation<AuthStartSecondFactorInput, AuthStartSecondFactorOutput>;
    /**
     * The recovery codes are shown this once. For signed-in users.
     * @throws UNAUTHENTICATED, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    confirmSecondFactor: Mutation<AuthConfirmSecondFactorInput, AuthConfirmSecondFactorOutput>;
    /**
     * The old ones are void. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    renewRecoveryCodes: Mutation<AuthRenewRecoveryCodesInput, AuthRenewRecoveryCodesOutput>;
    /**
     * Takes the second factor off the caller's account. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    turnOffSecondFactor: Mutation<AuthTurnOffSecondFactorInput, AuthTurnOffSecondFactorOutput>;
  };
  audit: {
    /**
     * For admins, the newest first. Kept for `limits.auditDays`. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    list: Query<AuditListInput | undefined, AuditListOutput>;
  };
  profile: {
    /**
     * Makes an image file of the caller's the avatar; null takes it away. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, UNSUPPORTED_MEDIA_TYPE, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    setAvatar: Mutation<ProfileSetAvatarInput, ProfileSetAvatarOutput>;
    /**
     * Changes the name by which others see the caller. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    setName: Mutation<ProfileSetNameInput, ProfileSetNameOutput>;
  };
  settings: {
    /**
     * How this installation is set up, without secrets. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    get: Query<void, SettingsGetOutput>;
    /**
     * Says who may make an account. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    update: Mutation<SettingsUpdateInput, SettingsUpdateOutput>;
    /**
     * What the sign-in page needs to know before anybody is known. For anybody.
     * @throws as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    public: Query<void, SettingsPublicOutput>;
  };
  overview: {
    /**
     * What the caller has and what happened lately, for a first page. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    summary: Query<void, OverviewSummaryOutput>;
  };
  instruments: {
    /**
     * Makes an instrument, seen by its owner alone until it is published. For signed-in users.
     * @throws UNAUTHENTICATED, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    create: Mutation<InstrumentsCreateInput, Instrument>;
    /**
     * Changes what is said of an instrument; what is left out stays. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    update: Mutation<InstrumentsUpdateInput, Instrument>;
    /**
     * The caller's instruments, newest first. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    list: Query<InstrumentsListInput | undefined, InstrumentsListOutput>;
    /**
     * One instrument of the caller's. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    get: Query<InstrumentsGetInput, Instrument>;
    /**
     * Deletes an instrument. Its media stay, its documents are released. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    delete: Mutation<InstrumentsDeleteInput, InstrumentsDeleteOutput>;
    /**
     * Shows photos, films and recordings of the caller's with the instrument, at the end or before others. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, UNSUPPORTED_MEDIA_TYPE, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    addMedia: Mutation<InstrumentsAddMediaInput, Instrument>;
    /**
     * Changes how a photo or clip is described, or makes it the cover. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    updateMedia: Mutation<InstrumentsUpdateMediaInput, Instrument>;
    /**
     * Takes a photo or clip from the instrument; it stays among the media. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    removeMedia: Mutation<InstrumentsRemoveMediaInput, Instrument>;
    /**
     * Puts the photos and clips in another order. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    reorderMedia: Mutation<InstrumentsReorderMediaInput, Instrument>;
    /**
     * Adds a file of the caller's as a document. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    attachFile: Mutation<InstrumentsAttachFileInput, Instrument>;
    /**
     * Takes a document away; its file is purged a day later, unless something else refers to it. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    detachFile: Mutation<InstrumentsDetachFileInput, Instrument>;
    /**
     * Shows the instrument to everybody, or to nobody else again. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    publish: Mutation<InstrumentsPublishInput, Instrument>;
    /**
     * A published instrument as visitors see it; null for one that does not exist or is not published. For anybody.
     * @throws as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    getPublic: Query<InstrumentsGetPublicInput, PublicInstrument | null>;
  };
  files: {
    /**
     * Gives a URL that takes one file by POST, once, within the hour. It reserves the file's size against the quota. For signed-in users.
     * @throws UNAUTHENTICATED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    generateUploadUrl: Mutation<
      FilesGenerateUploadUrlInput | undefined,
      FilesGenerateUploadUrlOutput
    >;
    /**
     * Gives up an upload URL that was not used, and what it reserves. Again, and after the upload, it changes nothing. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    abortUpload: Mutation<FilesAbortUploadInput, FilesAbortUploadOutput>;
    /**
     * An address at which the file can be read without a header or cookie, the same one for a while so that browsers keep it; null where there is no such file. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    getUrl: Query<FilesGetUrlInput, string | null>;
    /**
     * What is known of a file; null where there is no such file. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    getMetadata: Query<FilesGetMetadataInput, FileMetadata | null>;
    /**
     * Files, newest first. For signed-in users.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    list: Query<FilesListInput | undefined, FilesListOutput>;
    /**
     * Keeps a file of one's own from the purge. Several may keep it; to say it again changes nothing. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    keep: Mutation<FilesKeepInput, FilesKeepOutput>;
    /**
     * Ends what `keep` began: unless something else refers to the file, it is purged a day later. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    letGo: Mutation<FilesLetGoInput, FilesLetGoOutput>;
    /**
     * Deletes a file that no row refers to. Its URLs end at once, its bytes within minutes. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    delete: Mutation<FilesDeleteInput, FilesDeleteOutput>;
    /**
     * Receipts: files of the caller's that were deleted or purged in the last thirty days. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    deletions: Query<FilesDeletionsInput | undefined, FilesDeletionsOutput>;
    /**
     * What the caller's files take, and may take. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    usage: Query<void, FilesUsageOutput>;
    /**
     * The app's rules of uploads, for pages that say beforehand what is taken. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    uploadRules: Query<void, FilesUploadRulesOutput>;
  };
  imports: {
    /**
     * Which of these ids are here already. Ids that are not are left out. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    find: Query<ImportsFindInput, ImportsFindOutput>;
    /**
     * Everything that came from a source, the newest first. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    list: Query<ImportsListInput, ImportsListOutput>;
    /**
     * Notes what became of one id. An id that was noted before is noted anew. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    record: Mutation<ImportsRecordInput, ImportsRecordOutput>;
    /**
     * Forgets a source. Its files stay, and those that nothing else refers to are a day from their purge. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    forget: Mutation<ImportsForgetInput, ImportsForgetOutput>;
  };
  storage: {
    /**
     * Signs one PUT of a whole photo or clip straight to the object store, and reserves its size against the quota. Complete it within the hour. For signed-in users.
     * @throws UNAUTHENTICATED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    getUploadUrl: Mutation<StorageGetUploadUrlInput, StorageGetUploadUrlOutput>;
    /**
     * Looks at the stored object and makes it media. May be repeated. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, UPLOAD_INCOMPLETE, UPLOAD_EXPIRED, CHECKSUM_MISMATCH, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, CONFLICT, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    completeUpload: Mutation<StorageCompleteUploadInput, Media>;
    /**
     * Begins an upload in parts, or continues an open one of the same file. It stays open for six days. For signed-in users.
     * @throws UNAUTHENTICATED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, FORBIDDEN, CONFLICT, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    createMultipartUpload: Mutation<
      StorageCreateMultipartUploadInput,
      StorageCreateMultipartUploadOutput
    >;
    /**
     * Signs a PUT for each part, good for an hour, and takes note of parts that are through. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT, UPLOAD_EXPIRED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    signParts: Mutation<StorageSignPartsInput, StorageSignPartsOutput>;
    /**
     * The parts that the store has, as the server knows them. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    listParts: Query<StorageListPartsInput, StorageListPartsOutput>;
    /**
     * Open uploads, newest first: what can be continued with the same file, or aborted. Of one that goes in one PUT nothing is there before all of it. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    listUnfinished: Query<void, StorageListUnfinishedOutput>;
    /**
     * Puts the parts together and makes them media. May be repeated. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, UPLOAD_INCOMPLETE, UPLOAD_EXPIRED, CHECKSUM_MISMATCH, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, CONFLICT, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    completeMultipartUpload: Mutation<StorageCompleteMultipartUploadInput, Media>;
    /**
     * Gives an upload up: its bytes are deleted, its quota is released. May be repeated. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    abortUpload: Mutation<StorageAbortUploadInput, StorageAbortUploadOutput>;
    /**
     * An address at which the original can be read: the public one, or a signed one of private media; null where there is none. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    getUrl: Query<StorageGetUrlInput, string | null>;
    /**
     * The media row; null where there is none. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    getMetadata: Query<StorageGetMetadataInput, Media | null>;
    /**
     * Media, newest first. For signed-in users.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    list: Query<StorageListInput | undefined, StorageListOutput>;
    /**
     * What the caller's media take, and may take. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    usage: Query<void, StorageUsageOutput>;
    /**
     * Makes the facts and smaller copies of media anew. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, CONFLICT, UNSUPPORTED_MEDIA_TYPE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    reprocess: Mutation<StorageReprocessInput, Media>;
    /**
     * Lets a photo stand for a clip; null takes it away. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, UNSUPPORTED_MEDIA_TYPE, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    setPoster: Mutation<StorageSetPosterInput, Media>;
    /**
     * What the caller's media are, for charts. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    breakdown: Query<void, StorageBreakdownOutput>;
    /**
     * For admins: what the sweeps found last, and what the outbox holds. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    findings: Query<void, StorageFindingsOutput>;
    /**
     * For admins: media in the store that no row knows, for `fermata media reindex --adopt`. With `adopt` they become rows. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, CONFLICT, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    recover: Mutation<StorageRecoverInput | undefined, StorageRecoverOutput>;
    /**
     * For admins: the objects that sweeps saw without a row. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    strays: Query<StorageStraysInput | undefined, StorageStraysOutput>;
    /**
     * For admins: what becomes of the objects that nobody has decided about. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    decideStrays: Mutation<StorageDecideStraysInput, StorageDecideStraysOutput>;
    /**
     * For admins: makes the store this installation's, whoever's it was. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    adopt: Mutation<void, StorageAdoptOutput>;
    /**
     * Deletes media. Their URLs end at once, their bytes within minutes. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    delete: Mutation<StorageDeleteInput, StorageDeleteOutput>;
    /**
     * For admins: everybody's rows, for `fermata media export`. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    export: Query<StorageExportInput | undefined, StorageExportOutput>;
    /**
     * For admins: compares ready rows with the store, for `fermata media reindex`. With `mend`, rows take over what the store says. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    reindex: Mutation<StorageReindexInput | undefined, StorageReindexOutput>;
  };
  signaling: {
    /**
     * Makes a room. Whoever has the invite may join it, without an account. For signed-in users.
     * @throws UNAUTHENTICATED, QUOTA_EXCEEDED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    createRoom: Mutation<SignalingCreateRoomInput | undefined, SignalingCreateRoomOutput>;
    /**
     * What a page asks for before somebody decides to join: the relay's credentials, with which paths are found meanwhile. For anybody.
     * @throws NOT_FOUND, ROOM_CLOSED, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    prepare: Mutation<SignalingPrepareInput, SignalingPrepareOutput>;
    /**
     * Takes a seat in a room, or comes back to one. For anybody.
     * @throws NOT_FOUND, ROOM_FULL, ROOM_CLOSED, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    join: Mutation<SignalingJoinInput, SignalingJoinOutput>;
    /**
     * Sends messages to the room or to one peer. Each is delivered once, in order, as long as it is younger than an hour. For whoever sits in the room, by a room token.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, ROOM_CLOSED, PAYLOAD_TOO_LARGE, RATE_LIMITED, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    send: Mutation<SignalingSendInput, SignalingSendOutput>;
    /**
     * The room's messages as they come, as server-sent events, from a cursor on. A connection that breaks is taken up again after the last event's id. For whoever sits in the room, by a room token.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, ROOM_CLOSED, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    messages: Subscription<SignalingMessagesInput, { id: string; data: RoomMessage | RoomReset }>;
    /**
     * The `messages` of several rooms in one stream, each by its room token: browsers open few connections to one server. For anybody.
     * @throws UNAUTHENTICATED, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    messagesOfMany: Subscription<SignalingMessagesOfManyInput, SignalingMessagesOfManyOutput>;
    /**
     * The messages after a cursor, once: where streams are cut. For whoever sits in the room, by a room token.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, ROOM_CLOSED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    pull: Query<SignalingPullInput, SignalingPullOutput>;
    /**
     * Gives the seat up. For whoever sits in the room, by a room token.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    leave: Mutation<SignalingLeaveInput, SignalingLeaveOutput>;
    /**
     * Who sits in the room. For whoever sits in the room, by a room token.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    peers: Query<SignalingPeersInput, SignalingPeersOutput>;
    /**
     * Servers that help two peers to reach each other, with credentials for this caller. Asked for again before they expire. For whoever sits in the room, by a room token.
     * @throws UNAUTHENTICATED, NOT_FOUND, RATE_LIMITED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    turnConfig: Query<SignalingTurnConfigInput | undefined, TurnConfig>;
    /**
     * A user's own rooms; an admin sees all. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    rooms: Query<SignalingRoomsInput | undefined, SignalingRoomsOutput>;
    /**
     * The invite goes with whom it let in; the answer has the next one. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    kick: Mutation<SignalingKickInput, SignalingKickOutput>;
    /**
     * The old invite is void at once. Whoever sits in the room stays. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND, ROOM_CLOSED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    rotateInvite: Mutation<SignalingRotateInviteInput, SignalingRotateInviteOutput>;
    /**
     * Ends the room for everybody. For signed-in users.
     * @throws UNAUTHENTICATED, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    closeRoom: Mutation<SignalingCloseRoomInput, SignalingCloseRoomOutput>;
    /**
     * The last 24 hours, oldest first, of a user's own rooms; an admin sees all. A step in which no server ran is missing. For signed-in users.
     * @throws UNAUTHENTICATED; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    activity: Query<void, SignalingActivityOutput>;
    /**
     * Credentials minted since midnight UTC, for admins. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    turnUsage: Query<void, SignalingTurnUsageOutput>;
  };
  crons: {
    /**
     * What runs the jobs, whether it calls this app, and what that costs. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    engine: Query<void, CronEngine>;
    /**
     * How the jobs did in each hour of the last eight days; hours without a run are left out. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    week: Query<void, CronWeek>;
    /**
     * Every job, with its schedule and how it went lately. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    list: Query<void, CronsListOutput>;
    /**
     * The runs of a job, newest first. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    runs: Query<CronsRunsInput, CronsRunsOutput>;
    /**
     * One run with its log. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    run: Query<CronsRunInput, CronRunDetail>;
    /**
     * Runs a job now. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, UPSTREAM_UNAVAILABLE; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    trigger: Mutation<CronsTriggerInput, CronsTriggerOutput>;
    /**
     * Lets a job's slots pass as skipped. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    pause: Mutation<CronsPauseInput, CronsPauseOutput>;
    /**
     * Lets a paused job run again from its next slot on. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    resume: Mutation<CronsResumeInput, CronsResumeOutput>;
    /**
     * Jobs that were asked for one by one: those that wait or run, the soonest first, or those of the last days that are over, newest first. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    queue: Query<CronsQueueInput, CronsQueueOutput>;
    /**
     * One of them, with what it was given, its steps and its log. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    queuedJob: Query<CronsQueuedJobInput, QueuedJobDetail>;
    /**
     * Takes back a job that was asked for, while it waits. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    cancel: Mutation<CronsCancelInput, CronsCancelOutput>;
  };
  operations: {
    /**
     * For admins: how this process, its database and its jobs fare. For admins.
     * @throws UNAUTHENTICATED, FORBIDDEN; as any call, INVALID_INPUT, RATE_LIMITED, UPSTREAM_UNAVAILABLE, INTERNAL
     */
    health: Query<void, OperationsHealthOutput>;
  };
};

interface RootTypes<Transformer extends boolean> {
  ctx: object;
  meta: object;
  errorShape: ErrorShape;
  transformer: Transformer;
}

/** The router as clients see it. */
export type AppRouter = TRPCBuiltRouter<RootTypes<false>, Procedures>;

/** The same: its answers are JSON already, so that no type need be worked out again as what JSON makes of it. */
export type PlainRouter = TRPCBuiltRouter<RootTypes<true>, Procedures>;
