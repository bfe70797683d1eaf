import type { Peer } from "../procedures";
import type { LinkEnvironment } from "./link-environment";
import type { RoomMessage } from "./message-source";
import { PeerLink } from "./peer-link";
import type { PreparedOffer } from "./prepared-offer";
import type { SignalBody, SignalKind } from "./signal";
import type { Seat } from "./take-seat";
import type { LeaveReason, RemotePeer } from "./types";

export interface RoomLinksOptions {
  env: LinkEnvironment;
  onJoined(peer: RemotePeer): void;
  onReturned(peer: RemotePeer): void;
  /** Peers or their order changed. */
  onChange(): void;
}

/** The connections to everybody in the room. */
export class RoomLinks {
  readonly #options: RoomLinksOptions;
  readonly #links = new Map<string, PeerLink>();
  #self: Pick<Seat, "peerId" | "polite" | "joinedAt"> | null = null;

  constructor(options: RoomLinksOptions) {
    this.#options = options;
  }

  views(): RemotePeer[] {
    return this.all()
      .map(({ view }) => view)
      .sort((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1));
  }

  all(): PeerLink[] {
    return [...this.#links.values()];
  }

  get(peerId: string): PeerLink | undefined {
    return this.#links.get(peerId);
  }

  /** Tries again what is broken: with one, or with everybody. */
  retry(peerId?: string): void {
    for (const link of this.all()) {
      if (peerId === undefined || link.view.peerId === peerId) link.retry();
    }
  }

  /** This page has just taken its seat: whoever is here gets an offer, or got one with the join. */
  begin(seat: Seat, prepared: PreparedOffer | null = null): void {
    this.#self = seat;
    this.#removeMissing(seat.peers);
    for (const peer of seat.peers) {
      // Whose page went is told of when it comes back.
      if (peer.away) continue;
      const sent = peer.peerId === seat.offeredTo ? prepared : null;
      (this.#present(peer) ?? this.#add(peer)).open(true, sent);
    }
    this.#options.onChange();
  }

  /** Who sits here by the server's list, after messages that would have told it were lost. */
  reconcile(peers: Peer[]): void {
    const others = peers.filter(({ peerId, away }) => peerId !== this.#self?.peerId && !away);
    this.#removeMissing(others);
    for (const peer of others) {
      const link = this.#present(peer);
      if (link) link.retry();
      else this.#join(peer);
    }
  }

  /** The server's word on who is here. It may have more to say than is known today. */
  takePresence({ kind, payload }: RoomMessage): void {
    if (kind === "peer.joined") {
      const peer = payload as Peer;
      const link = this.#present(peer);
      if (!link) this.#join(peer);
      else {
        link.returned(peer);
        this.#options.onReturned(link.view);
      }
    } else if (kind === "peer.away") {
      const { peerId } = payload as { peerId: string };
      this.#present({ peerId })?.goAway();
    } else if (kind === "peer.left") {
      const { peerId, reason } = payload as { peerId: string; reason: LeaveReason };
      this.#present({ peerId })?.leave(reason);
    }
  }

  takeSignal(from: string, kind: SignalKind, body: SignalBody): void {
    this.#present({ peerId: from })?.receive(kind, body);
  }

  closeAll(): void {
    for (const link of this.all()) link.close();
    this.#links.clear();
    this.#self = null;
    this.#options.onChange();
  }

  #present({ peerId }: Pick<Peer, "peerId">): PeerLink | undefined {
    const link = this.#links.get(peerId);
    return link?.view.state === "left" ? undefined : link;
  }

  #join(peer: Peer): void {
    const link = this.#add(peer);
    link.open(false);
    this.#options.onJoined(link.view);
  }

  #add(peer: Peer): PeerLink {
    for (const { view } of this.all()) {
      if (view.state === "left") this.#links.delete(view.peerId);
    }
    const link = new PeerLink(this.#options.env, peer, this.#isPoliteTo(peer));
    this.#links.set(peer.peerId, link);
    return link;
  }

  #removeMissing(peers: Peer[]): void {
    const here = new Set(peers.map(({ peerId }) => peerId));
    for (const { view } of this.all()) {
      if (!here.has(view.peerId)) this.#present(view)?.leave("left");
    }
  }

  /** The server says who is polite; between two who both are, the earlier one counts as impolite. */
  #isPoliteTo(other: Peer): boolean {
    if (!this.#self) return true;
    const { polite, joinedAt, peerId } = this.#self;
    if (other.polite !== polite) return polite;
    // Not known means that nobody here was equally polite when this page came: the other one is later.
    if (joinedAt === null) return false;
    return joinedAt === other.joinedAt ? peerId > other.peerId : joinedAt > other.joinedAt;
  }
}
