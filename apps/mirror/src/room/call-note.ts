import type { PeerRoomSnapshot } from "@fermata/api";

/** What is not as it should be while the call goes on; null when all is well. */
export function noteOf(
  snapshot: Pick<PeerRoomSnapshot, "status" | "signaling" | "peers">,
): string | null {
  const { status, signaling, peers } = snapshot;
  if (status === "reconnecting") {
    return "The server cannot be reached. What stands goes on; we keep asking.";
  }
  const told = peers.find(({ notice }) => notice)?.notice;
  if (told) return told.message;
  // Once the two are connected, nobody notices.
  const isConnecting = peers.some(
    ({ state }) => state === "connecting" || state === "reconnecting",
  );
  if (signaling === "polling" && isConnecting) {
    return "Something between you and the server holds messages back, so connecting takes a few seconds longer.";
  }
  return null;
}
