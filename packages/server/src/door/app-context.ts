import type { PeerIdentity, UserIdentity } from "../identity";

/** What is known of a request to whatever of the app's own is answered beside Fermata. */
export interface AppContext {
  requestId: string;
  /** Where this server is reached: for absolute URLs. */
  origin: string;
  /** Empty where the host does not know it. */
  clientAddress: string;
  /** A user with all that `identify` said of them, a seat in a room, or nobody. */
  identity: UserIdentity | PeerIdentity | null;
}
