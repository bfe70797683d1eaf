import type { Peer } from "../procedures";
import type { PeerState, RemotePeer } from "./types";

/** What a room shows of one peer. */
export class LinkView {
  readonly #onChange: (peer: RemotePeer, previous: PeerState | null) => void;
  #peer: RemotePeer;

  /** @param onChange `previous` is given when the state changed */
  constructor(
    { peerId, displayName, joinedAt }: Peer,
    stream: MediaStream,
    onChange: (peer: RemotePeer, previous: PeerState | null) => void,
  ) {
    this.#onChange = onChange;
    this.#peer = {
      peerId,
      displayName,
      joinedAt,
      state: "connecting",
      stateSince: Date.now(),
      step: null,
      failure: null,
      notice: null,
      leaveReason: null,
      stream,
      stats: null,
    };
  }

  get peer(): RemotePeer {
    return this.#peer;
  }

  enter(
    state: PeerState,
    facts: Partial<Pick<RemotePeer, "step" | "failure" | "leaveReason">> = {},
  ): void {
    const previous = this.#peer.state;
    const { failure = null, leaveReason = null } = facts;
    const isConnected = state === "connected";
    this.#peer = {
      ...this.#peer,
      state,
      stateSince: state === previous ? this.#peer.stateSince : Date.now(),
      step: state === "reconnecting" ? (facts.step ?? null) : null,
      failure,
      notice: isConnected ? this.#peer.notice : null,
      leaveReason,
      stats: isConnected ? this.#peer.stats : null,
    };
    this.#onChange(this.#peer, state === previous ? null : previous);
  }

  /** `step` is told only of a connection that stood before. */
  change({ step, ...facts }: Partial<RemotePeer>): void {
    const isReconnecting = this.#peer.state === "reconnecting";
    this.#peer = { ...this.#peer, ...facts, ...(step && isReconnecting && { step }) };
    this.#onChange(this.#peer, null);
  }
}
