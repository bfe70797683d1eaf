import type {
  RequestContext as LibraryRequestContext,
  Services as LibraryServices,
  UserIdentity as LibraryUserIdentity,
  PeerIdentity,
} from "@fermata/server/internal";

/** What is the studio's own to say, beside the library's configuration. */
export interface StudioConfig {
  sessionDays: number;
  database: "embedded" | "external";
  signInProviders: string[];
}

export interface Services extends LibraryServices {
  app: StudioConfig;
}

export type { JobContext, UserDescription } from "@fermata/server/internal";

/** A user of the studio's: a row of its own, found by a sign-in that is another. */
export interface UserIdentity extends LibraryUserIdentity {
  sessionId: string;
  email: string;
  avatarId: string | null;
}

export interface RequestContext extends Omit<LibraryRequestContext, "app" | "identity"> {
  app: StudioConfig;
  identity: UserIdentity | PeerIdentity | null;
}

export interface UserContext extends RequestContext {
  identity: UserIdentity;
}
