import { createStore, type Store } from "../store";
import type { PeerRoom } from "./types";

export interface ActiveSpeakerOptions {
  /** How often levels are read; left out, 200 ms. */
  everyMs?: number;
}

/** Quieter than this is a room, not a voice: from 0 to 1, as browsers measure audio. */
const leastLevel = 0.02;
/** The share of the newest level in the one that counts: a cough takes the floor from nobody. */
const share = 0.3;
/** Somebody else has to be so much louder to take over. */
const lead = 1.3;

/**
 * Who speaks: the peer who was loudest lately, who keeps it through pauses until somebody else speaks; null as long as
 * nobody did, and once that peer is gone. Close it with the call.
 */
export function createActiveSpeaker(
  room: Pick<PeerRoom, "audioLevel" | "getSnapshot">,
  { everyMs = 200 }: ActiveSpeakerOptions = {},
): Store<string | null> & { close(): void } {
  const store = createStore<string | null>(null);
  const levels = new Map<string, number>();
  const look = () => {
    const peers = room.getSnapshot().peers.filter(({ state }) => state === "connected");
    for (const peerId of levels.keys()) {
      if (!peers.some((peer) => peer.peerId === peerId)) levels.delete(peerId);
    }
    for (const { peerId } of peers) {
      const before = levels.get(peerId) ?? 0;
      levels.set(peerId, before + share * ((room.audioLevel(peerId) ?? 0) - before));
    }
    const [loudest] = [...levels].sort(([, a], [, b]) => b - a);
    const present = store.getSnapshot();
    const held = present === null ? undefined : levels.get(present);
    if (present !== null && held === undefined) store.set(null);
    if (!loudest || loudest[1] < leastLevel || loudest[0] === store.getSnapshot()) return;
    if (held === undefined || loudest[1] > held * lead) store.set(loudest[0]);
  };
  const timer = setInterval(look, everyMs);
  return { ...store, close: () => clearInterval(timer) };
}
