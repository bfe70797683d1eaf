import type { ErrorCode } from "@fermata/contract";
import type { libraryRoutes } from "../library-routes";

/** `files.getUrl`, for every procedure of these routes. */
export type PathsOf<Routes> = {
  [Feature in keyof Routes & string]: `${Feature}.${keyof Routes[Feature] & string}`;
}[keyof Routes & string];

/** What somebody reaches who is let in. */
type Reach =
  /** What is the same for everybody. */
  | "open"
  /** What the secret in the input opens: a password, a link's token, an invite, a room token. */
  | "by secret"
  /** What its owner published; the caller's own besides. */
  | "published"
  /** The caller's own, and, of a room, where they sit. */
  | "own"
  /** Everybody's. */
  | "all";

type Refusal = Extract<ErrorCode, "UNAUTHENTICATED" | "FORBIDDEN">;

/** Who may call a procedure, and what they reach by it. */
export interface ProcedureAccess {
  /** Without a token, or with one that is void. */
  nobody: Reach | Refusal;
  /** With a room token, which is good for one seat in one room. */
  guest: Reach | Refusal;
  member: Reach | Refusal;
  admin: Reach | Refusal;
  /**
   * The answer to somebody else's id or a wrong secret, for those who are let in: the same as for a missing one.
   * `unchanged` answers as ever and does nothing. Null where the input names nobody's.
   */
  foreign: Extract<ErrorCode, "NOT_FOUND"> | Refusal | "null" | "unchanged" | null;
}

const signedIn = { nobody: "UNAUTHENTICATED", guest: "UNAUTHENTICATED" } as const;
const self = { ...signedIn, member: "own", admin: "own", foreign: null } as const;
/** For whoever sits in the room, by the room token alone. */
const seat = {
  nobody: "UNAUTHENTICATED",
  guest: "own",
  member: "FORBIDDEN",
  admin: "FORBIDDEN",
  foreign: "NOT_FOUND",
} as const;

/** What most procedures have: a line of the matrix each. */
export const usualAccess = {
  bySecret: {
    nobody: "by secret",
    guest: "by secret",
    member: "by secret",
    admin: "by secret",
    foreign: "NOT_FOUND",
  },
  /** The caller's own, of which the input names none. */
  self,
  own: { ...self, foreign: "NOT_FOUND" },
  /** A member's own, and for an admin everybody's. */
  overseen: { ...self, admin: "all" },
  admins: { ...signedIn, member: "FORBIDDEN", admin: "all", foreign: null },
} as const satisfies Record<string, ProcedureAccess>;

const { bySecret, own, overseen, admins } = usualAccess;
/** For the room's owner, and for whoever sits in it. */
const room = { ...seat, member: "own", admin: "own" } as const;
const roomOwner = { ...seat, guest: "FORBIDDEN", member: "own", admin: "all" } as const;

/** Every procedure of the library's: one without a line here does not compile. */
export const libraryAccess: Record<PathsOf<typeof libraryRoutes>, ProcedureAccess> = {
  "files.generateUploadUrl": self,
  "files.abortUpload": { ...own, foreign: "unchanged" },
  "files.getUrl": { ...own, foreign: "null" },
  "files.getMetadata": { ...own, foreign: "null" },
  // An admin sees that files exist, and no URL of one.
  "files.list": { ...overseen, foreign: "FORBIDDEN" },
  "files.keep": own,
  "files.letGo": own,
  "files.delete": own,
  "files.deletions": self,
  "files.usage": self,
  // The same for everybody.
  "files.uploadRules": self,
  "imports.find": self,
  "imports.list": self,
  "imports.record": own,
  "imports.forget": self,
  "storage.getUploadUrl": self,
  "storage.completeUpload": own,
  "storage.createMultipartUpload": self,
  "storage.signParts": own,
  "storage.listParts": own,
  "storage.listUnfinished": self,
  "storage.completeMultipartUpload": own,
  "storage.abortUpload": own,
  "storage.getUrl": { ...own, foreign: "null" },
  "storage.getMetadata": { ...own, foreign: "null" },
  "storage.list": { ...overseen, foreign: "FORBIDDEN" },
  "storage.usage": self,
  "storage.reprocess": own,
  "storage.setPoster": own,
  "storage.breakdown": self,
  "storage.findings": admins,
  "storage.recover": admins,
  "storage.strays": admins,
  "storage.decideStrays": admins,
  "storage.adopt": admins,
  "storage.delete": own,
  "storage.export": admins,
  "storage.reindex": admins,
  "signaling.createRoom": self,
  "signaling.prepare": bySecret,
  "signaling.join": bySecret,
  "signaling.send": seat,
  "signaling.messages": seat,
  // Each room by its own token, so whose request it is says nothing. A wrong one ends alone, within the stream.
  "signaling.messagesOfMany": { ...bySecret, foreign: "UNAUTHENTICATED" },
  "signaling.pull": seat,
  // Also with the key of the caller's own join whose answer never came, in the place of a room token.
  "signaling.leave": seat,
  "signaling.peers": room,
  "signaling.turnConfig": room,
  "signaling.rooms": overseen,
  "signaling.kick": roomOwner,
  "signaling.rotateInvite": roomOwner,
  "signaling.closeRoom": roomOwner,
  "signaling.activity": overseen,
  "signaling.turnUsage": admins,
  "crons.engine": admins,
  "crons.week": admins,
  "crons.list": admins,
  "crons.runs": admins,
  "crons.run": admins,
  "crons.trigger": admins,
  "crons.pause": admins,
  "crons.resume": admins,
  "crons.queue": admins,
  "crons.queuedJob": admins,
  "crons.cancel": admins,
  "operations.health": admins,
};
