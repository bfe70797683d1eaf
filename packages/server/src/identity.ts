import type { Role } from "@fermata/contract";

export interface UserIdentity {
  kind: "user";
  userId: string;
  /** The organisation that the app counts the user to. */
  tenantId: string | null;
  name: string | null;
  role: Role;
  /** The sign-in that the request stands on, where the app says: a seat in a room remembers which one took it. */
  sessionId: string | null;
}

/** The bearer of a room token: this peer, in this room, and nothing else. */
export interface PeerIdentity {
  kind: "peer";
  peerId: string;
  roomId: string;
  userId: string | null;
  /** Which join of the peer the token belongs to. */
  connection: number;
}
