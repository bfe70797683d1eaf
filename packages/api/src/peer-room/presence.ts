import { FermataError } from "../api-error";
import { createStore, type Store } from "../store";
import { jsonOf } from "./json-of";
import { paceByPeer } from "./paced-by-peer";
import type { PeerRoom, PeerState } from "./types";

/** Names its channel, which apps leave alone. */
const channelName = "fermata.presence";
const usualThrottleMs = 50;
const mostBytes = 16 * 1024;
/** A peer says one thing in each pause, and may ask and answer beside it. */
const mostHeard = { most: 4, everyMs: usualThrottleMs };

/** What goes from page to page. A page that asks had not listened before: what was sent to it until then is lost. */
interface Word {
  state?: unknown;
  asks?: true;
}

export interface PresenceOptions<State> {
  /** What the others see of this participant from the beginning, in JSON; undefined shows them nothing yet. */
  initial: State;
  /** At most one message in so many milliseconds goes to each peer: the newest state; left out, 50. */
  throttleMs?: number;
  /**
   * Reads what a peer sent, which may be anything; null for what makes no sense. So does what it throws, of which only the
   * first surfaces, as an uncaught error. Left out, it is taken as it is: then do not rely on its shape.
   */
  parse?: (data: unknown) => State | null;
  /** Tells several presences of one room apart. */
  name?: string;
}

export interface PresenceSnapshot<State> {
  own: State;
  /** By peer: those who have said something, and are here. Not while their connection has `failed`. */
  peers: ReadonlyMap<string, State>;
}

/** What each participant shows of itself to the others now: a cursor, a page turned to, "is typing". */
export interface Presence<State> extends Store<PresenceSnapshot<State>> {
  /**
   * Changes what the others see of this participant. It goes from page to page, so it is quick, and nobody keeps it: who
   * comes later, or comes back, gets the newest.
   * @throws FermataError PAYLOAD_TOO_LARGE above 16 KiB of JSON, INVALID_INPUT for what has none: undefined, a circle, a BigInt
   */
  set(next: State | ((own: State) => State)): void;
  close(): void;
}

/** Ask for it on both sides. A peer's state goes with the peer, and with a connection that has failed, until it is back. */
export function createPresence<State>(
  room: PeerRoom,
  { initial, throttleMs = usualThrottleMs, parse, name = "" }: PresenceOptions<State>,
): Presence<State> {
  const channel = room.channel(name ? `${channelName}.${name}` : channelName);
  const store = createStore<PresenceSnapshot<State>>({ own: initial, peers: new Map() });
  // Refused here already where it cannot be told.
  if (initial !== undefined) checkState(initial);
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answeredAtMs = new Map<string, number>();
  /** Whose line is full: they get the newest once there is room. */
  const behind = new Set<string>();
  /** What each said last, also of those who cannot be reached now. */
  const said = new Map<string, State>();
  const read = createReader(parse);

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
    const now = performance.now();
    // Nobody needs to ask often.
    if (now - (answeredAtMs.get(peerId) ?? Number.NEGATIVE_INFINITY) < throttleMs) return;
    answeredAtMs.set(peerId, now);
    sendTo(peerId);
  };
  const show = () => {
    const states = peerStates(room);
    for (const peerId of said.keys()) if (!states.has(peerId)) said.delete(peerId);
    const shown = new Map([...said].filter(([peerId]) => states.get(peerId) !== "failed"));
    const before = store.getSnapshot();
    const isSame = [...shown].every(([peerId, state]) => before.peers.get(peerId) === state);
    if (!isSame || shown.size !== before.peers.size) store.set({ ...before, peers: shown });
  };

  const hear = (from: string, data: string | ArrayBuffer) => {
    const word = readWord(data);
    if (!word || !peerStates(room).has(from)) return;
    if (word.asks) answer(from);
    const state = "state" in word && read(word.state);
    if (!state) return;
    said.set(from, state.read);
    show();
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
    room.subscribe(show),
  ];
  // Those whose channel was open before.
  for (const peerId of channel.openPeers()) sendTo(peerId, true);

  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    set(next) {
      const { own } = store.getSnapshot();
      const state = typeof next === "function" ? (next as (own: State) => State)(own) : next;
      checkState(state);
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

/** Of those who are here. */
function peerStates(room: PeerRoom): Map<string, PeerState> {
  const here = room.getSnapshot().peers.filter(({ state }) => state !== "left");
  return new Map(here.map(({ peerId, state }) => [peerId, state]));
}

/** A peer may send anything, so what cannot be read is left out, and says so once: a flood of it is none of errors. */
function createReader<State>(parse: PresenceOptions<State>["parse"]) {
  let isTold = false;
  return (data: unknown): { read: State } | null => {
    if (!parse) return { read: data as State };
    try {
      const read = parse(data);
      return read === null ? null : { read };
    } catch (error) {
      if (!isTold) {
        queueMicrotask(() => {
          throw error;
        });
      }
      isTold = true;
      return null;
    }
  };
}

/** @throws FermataError for what the others cannot be shown */
export function checkState(state: unknown): void {
  const json = jsonOf(state);
  if (json === undefined) {
    const message = "The others cannot be shown what JSON leaves out; null can stand for nothing.";
    throw new FermataError("INVALID_INPUT", message);
  }
  const sizeBytes = new TextEncoder().encode(json).length;
  if (sizeBytes <= mostBytes) return;
  const details = { sizeBytes, limitBytes: mostBytes };
  throw new FermataError("PAYLOAD_TOO_LARGE", undefined, { details });
}

function readWord(data: string | ArrayBuffer): Word | null {
  if (typeof data !== "string" || data.length > mostBytes + 100) return null;
  try {
    const word = JSON.parse(data) as Word | null;
    return typeof word === "object" ? word : null;
  } catch {
    return null;
  }
}
