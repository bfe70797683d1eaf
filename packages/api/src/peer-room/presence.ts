import { FermataError } from "../api-error";
import { createStore, type Store } from "../store";
import { paceByPeer } from "./paced-by-peer";
import type { PeerRoom } from "./types";

/** Names its channel, which apps leave alone. */
const channelName = "fermata.presence";
const usualThrottleMs = 50;
const mostBytes = 16 * 1024;
/** A peer says one thing in each pause, and may ask and answer beside it. */
const mostHeard = { most: 4, everyMs: usualThrottleMs };

/** What goes from page to page. A page that asks had not listened before: what was sent to it until then is lost. */
interface Word {
  state: unknown;
  asks?: true;
}

export interface PresenceOptions<State> {
  /** What the others see of this participant from the beginning. */
  initial: State;
  /** At most one message in so many milliseconds goes to each peer: the newest state; left out, 50. */
  throttleMs?: number;
  /**
   * Reads what a peer sent, which may be anything; null for what makes no sense. Left out, it is taken as it is: then do
   * not rely on its shape.
   */
  parse?: (data: unknown) => State | null;
  /** Tells several presences of one room apart. */
  name?: string;
}

export interface PresenceSnapshot<State> {
  own: State;
  /** By peer: those who have said something, and are here. */
  peers: ReadonlyMap<string, State>;
}

/** What each participant shows of itself to the others now: a cursor, a page turned to, "is typing". */
export interface Presence<State> extends Store<PresenceSnapshot<State>> {
  /**
   * Changes what the others see of this participant. It goes from page to page, so it is quick, and nobody keeps it: who
   * comes later, or comes back, gets the newest.
   * @throws FermataError PAYLOAD_TOO_LARGE above 16 KiB of JSON
   */
  set(next: State | ((own: State) => State)): void;
  close(): void;
}

/** Ask for it on both sides. A peer's state goes with the peer. */
export function createPresence<State>(
  room: PeerRoom,
  { initial, throttleMs = usualThrottleMs, parse, name = "" }: PresenceOptions<State>,
): Presence<State> {
  const channel = room.channel(name ? `${channelName}.${name}` : channelName);
  const store = createStore<PresenceSnapshot<State>>({ own: initial, peers: new Map() });
  // Refused here already where it is too large.
  checkSize(initial);
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answeredAtMs = new Map<string, number>();
  /** Whose line is full: they get the newest once there is room. */
  const behind = new Set<string>();

  const sendAll = () => {
    timer = undefined;
    sentAtMs = performance.now();
    for (const peerId of channel.openPeers()) if (!behind.has(peerId)) sendTo(peerId);
  };
  const sendTo = (peerId: string, asks = false) => {
    const word: Word = { state: store.getSnapshot().own, ...(asks && { asks }) };
    channel.sendJson(word, { to: peerId });
  };
  const answer = (peerId: string) => {
    // Nobody needs to ask often.
    if (performance.now() - (answeredAtMs.get(peerId) ?? Number.NEGATIVE_INFINITY) < throttleMs)
      return;
    answeredAtMs.set(peerId, performance.now());
    sendTo(peerId);
  };
  const keep = (peers: Map<string, State>) => store.set({ ...store.getSnapshot(), peers });
  const dropGone = () => {
    const { peers } = store.getSnapshot();
    const here = herePeers(room);
    const kept = new Map([...peers].filter(([peerId]) => here.has(peerId)));
    if (kept.size < peers.size) keep(kept);
  };

  const hear = (from: string, data: string | ArrayBuffer) => {
    const word = readWord(data);
    if (!word || !herePeers(room).has(from)) return;
    if (word.asks) answer(from);
    const state = parse ? parse(word.state) : (word.state as State);
    if (parse && state === null) return;
    keep(new Map(store.getSnapshot().peers).set(from, state as State));
  };
  const heard = paceByPeer(mostHeard, hear);

  const ends = [
    heard.close,
    channel.on("open", ({ peerId }) => sendTo(peerId, true)),
    channel.on("error", ({ peerId }) => {
      if (behind.has(peerId)) return;
      behind.add(peerId);
      void channel.drained({ to: peerId }).then(() => {
        if (behind.delete(peerId)) sendTo(peerId);
      });
    }),
    channel.on("message", ({ from, data }) => heard.take(from, data)),
    room.subscribe(dropGone),
  ];
  // Those whose channel was open before.
  for (const peerId of channel.openPeers()) sendTo(peerId, true);

  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    set(next) {
      const { own } = store.getSnapshot();
      const state = typeof next === "function" ? (next as (own: State) => State)(own) : next;
      checkSize(state);
      store.set({ ...store.getSnapshot(), own: state });
      const waitMs = sentAtMs + throttleMs - performance.now();
      if (waitMs <= 0) sendAll();
      else timer ??= setTimeout(sendAll, waitMs);
    },
    close() {
      clearTimeout(timer);
      for (const end of ends) end();
      channel.close();
    },
  };
}

function herePeers(room: PeerRoom): Set<string> {
  const { peers } = room.getSnapshot();
  return new Set(peers.filter(({ state }) => state !== "left").map(({ peerId }) => peerId));
}

function checkSize(state: unknown): void {
  const sizeBytes = new TextEncoder().encode(JSON.stringify(state)).length;
  if (sizeBytes <= mostBytes) return;
  const details = { sizeBytes, limitBytes: mostBytes };
  throw new FermataError("PAYLOAD_TOO_LARGE", undefined, { details });
}

function readWord(data: string | ArrayBuffer): Word | null {
  if (typeof data !== "string" || data.length > mostBytes + 100) return null;
  try {
    const word = JSON.parse(data) as Word | null;
    return typeof word === "object" && word !== null && "state" in word ? word : null;
  } catch {
    return null;
  }
}
