import type { PeerRoomSnapshot, RemotePeer } from "@fermata/api";

type Peers = Pick<PeerRoomSnapshot, "peers">;

/** The one on the other side of the mirror: who came first of those who are here, else whoever left last. */
export function otherPeer({ peers }: Peers): RemotePeer | null {
  return peers.find(({ state }) => state !== "left") ?? peers.at(-1) ?? null;
}

/** Everybody else who is here: a room may have more seats than two. They see and hear this side, so they are shown. */
export function furtherPeers(snapshot: Peers): RemotePeer[] {
  const other = otherPeer(snapshot);
  return snapshot.peers.filter((peer) => peer !== other && peer.state !== "left");
}
