import type { Peer } from "../procedures";
import { audioLevelOf } from "./audio-level-of";
import { PartCollector } from "./description-parts";
import { type Evidence, explainFailure, loadWords, noEvidence, noticeOf } from "./explain-failure";
import { FreshOffers } from "./fresh-offers";
import type { LinkEnvironment } from "./link-environment";
import { LinkMeter } from "./link-meter";
import { LinkView } from "./link-view";
import { type FailedOffer, Negotiation, type NegotiationOptions } from "./negotiation";
import type { PreparedOffer } from "./prepared-offer";
import { RemoteMedia } from "./remote-media";
import type { SignalBody, SignalKind } from "./signal";
import type { LeaveReason, PeerState, PeerStats, RemotePeer } from "./types";

/** Milliseconds. The impolite side acts; the polite one steps in where that side does not, so that they do not cross. */
const paces = {
  impolite: { afterDisconnect: 2_000, afterFailure: 0, betweenAttempts: 8_000 },
  polite: { afterDisconnect: 4_000, afterFailure: 2_000, betweenAttempts: 11_000 },
};
/** Whoever joins makes the offer. The one who was there waits for it this long. */
const offerPatienceMs = 4_000;
/** A page that is reloaded is back sooner. */
const awayMs = 8_000;
const betweenHopelessAttemptsMs = 15_000;
/** A relay that is there gives a place well before, also over a slow line, or says why it gives none. */
const relayPatienceMs = 3_000;
/** After paths that were looked for ahead in vain. */
const lookAgainMs = 1_000;
/** After a change that came to nothing, doubled with each. */
const firstAgainMs = 1_000;
const mostAgainMs = 15_000;
/** A look at a sender waits for threads that at the beginning are busy with the first picture. */
const tuneAfterMs = 500;
/** So many refusals in a row are no accident: both sides begin afresh. */
const mostRefusals = 2;

/** The connection to one other peer: makes it, watches it, and makes it again. */
export class PeerLink {
  readonly polite: boolean;
  readonly #env: LinkEnvironment;
  readonly #pace: (typeof paces)["polite"];
  readonly #remote: RemoteMedia;
  readonly #view: LinkView;
  readonly #meter: LinkMeter;
  readonly #freshOffers = new FreshOffers();
  #negotiation: Negotiation | null = null;
  /** What was seen since the connection last stood. */
  #evidence: Omit<Evidence, "hasRelay"> = noEvidence();
  /** Attempts to recover since then. */
  #attempts = 0;
  #wasConnected = false;
  #otherCredentials: "not asked for" | "asked for" | "none" = "not asked for";
  readonly #parts = new PartCollector();
  #isOver = false;
  #recoverTimer: ReturnType<typeof setTimeout> | undefined;
  #deadlineTimer: ReturnType<typeof setTimeout> | undefined;
  #awayTimer: ReturnType<typeof setTimeout> | undefined;
  #relayTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(env: LinkEnvironment, peer: Peer, polite: boolean) {
    this.#env = env;
    this.polite = polite;
    this.#pace = polite ? paces.polite : paces.impolite;
    this.#remote = new RemoteMedia(new env.rtc.MediaStream(), () => this.#view.change({}));
    this.#view = new LinkView(peer, this.#remote.stream, env.onChange);
    this.#meter = new LinkMeter((stats) => this.#view.change({ stats }));
    void loadWords();
  }

  get view(): RemotePeer {
    return this.#view.peer;
  }

  /** Starts afresh: with an offer, perhaps one that the peer has already, or waiting for the one of a peer that has just come. */
  open(initiate: boolean, sent: PreparedOffer | null = null): void {
    this.#beginRecovery();
    if (initiate) {
      if (sent) this.#goOnWith(sent);
      else this.#build().open(true);
      this.#recoverIn(this.#pace.betweenAttempts);
    } else {
      this.#discard();
      this.#recoverIn(offerPatienceMs);
    }
  }

  /** The same peer on a new page: what stood is void. */
  returned({ displayName }: Peer): void {
    clearTimeout(this.#awayTimer);
    this.#view.change({ displayName });
    this.open(false);
  }

  receive(kind: SignalKind, received: SignalBody): void {
    // For a connection that this side has given up since.
    if (received.you !== null && received.you !== this.#negotiation?.id) return;
    const body = this.#parts.take(received);
    if (!body) return;
    if (kind === "offer" && !this.#expectOffer(body)) return;
    const negotiation = this.#negotiation;
    if (!negotiation) return;
    negotiation.remoteId ??= body.me;
    if (negotiation.remoteId === body.me) negotiation.receive(kind, body);
  }

  /** Does at once what would be done by and by. */
  retry(): void {
    if (this.#isOver || this.view.state === "connected") return;
    if (this.view.state === "failed") this.#beginRecovery();
    void this.#recover();
  }

  /** What could not be negotiated without the server is tried now; a first attempt under way is left alone. */
  serverIsBack(): void {
    if (this.view.state !== "connecting" || !this.#negotiation) this.retry();
  }

  /** Looks for paths in the network that the device is in now. */
  networkChanged(): void {
    if (this.view.state === "connected") this.#restart();
    else this.retry();
  }

  /** Goes over to renewed relay credentials before the old ones expire. */
  credentialsRenewed(): void {
    if (this.view.state === "connected") this.#restart();
  }

  /** The peer's page is being left: closed, or reloaded. */
  goAway(): void {
    clearTimeout(this.#awayTimer);
    this.#awayTimer = setTimeout(() => this.leave("left"), awayMs);
  }

  leave(leaveReason: LeaveReason): void {
    this.close();
    this.#enter("left", { leaveReason });
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#awayTimer);
    clearTimeout(this.#recoverTimer);
    clearTimeout(this.#deadlineTimer);
    this.#discard();
  }

  stats(): Promise<PeerStats | null> {
    return this.#meter.read();
  }

  audioLevel(): number | null {
    return audioLevelOf(this.#negotiation?.connection?.getReceivers() ?? []);
  }

  #beginRecovery(): void {
    this.#attempts = 0;
    this.#evidence = noEvidence();
    this.#otherCredentials = "not asked for";
    this.#enter(this.#wasConnected ? "reconnecting" : "connecting", { step: "rebuilding" });
    const { connectTimeoutMs, reconnectTimeoutMs } = this.#env;
    this.#failIn(this.#wasConnected ? reconnectTimeoutMs : connectTimeoutMs);
  }

  /** @returns false for one too many */
  #expectOffer({ me }: SignalBody): boolean {
    const known = this.#negotiation?.remoteId ?? null;
    // The other side has begun anew, or has begun at all: what stands here is of no use to it.
    if (!this.#negotiation || (known !== null && known !== me)) {
      if (!this.#freshOffers.mayBegin()) return false;
      this.#build({ spare: this.#env.takeSpare() }).open(false);
    }
    if (this.view.state !== "connected") this.#recoverIn(this.#pace.betweenAttempts);
    return true;
  }

  #goOnWith(sent: PreparedOffer): void {
    const { ice } = this.#env;
    // At once where they are known: paths are found while the rest is set up.
    const described = ice.known ? sent.begin(ice.known) : ice.get().then(sent.begin);
    const { id, offerId, connection } = sent;
    const early = sent.takeEarly();
    this.#build({ id }).openPrepared(connection, { offerId, described, early });
  }

  #build({ id, spare }: { id?: string; spare?: PreparedOffer | null } = {}): Negotiation {
    this.#discard();
    this.#remote.beginConnection();
    const env = this.#env;
    const { peerId } = this.view;
    const options: NegotiationOptions = {
      polite: this.polite,
      create: async () => {
        const iceServers = env.ice.known ?? (await env.ice.get());
        if (spare) return spare.configure(iceServers);
        const { iceTransportPolicy } = env;
        const bundlePolicy = "max-bundle";
        return new env.rtc.RTCPeerConnection({ iceServers, iceTransportPolicy, bundlePolicy });
      },
      attach: (connection) => {
        env.channels.attach(connection, peerId);
        env.media.attach(connection, (error) => negotiation.fail(error));
      },
      detach: (connection) => {
        env.channels.detach(connection);
        env.media.detach(connection);
      },
      send: (kind, body) => env.send(peerId, kind, body),
      onTrack: (event) => this.#remote.take(event),
      onState: (state) => this.#onConnectionState(state),
      onDescribed: () => {
        this.#evidence.remoteDescribed = true;
        this.#evidence.refusal = null;
        if (this.view.notice) this.#view.change({ notice: null });
      },
      onCandidate: (type) => {
        if (type === "relay") this.#evidence.relayCandidates++;
      },
      onRelayError: (code) => {
        this.#evidence.relayErrorCodes.push(code);
        if (code === 401 || code === 403) void this.#onRelayRefused(negotiation);
      },
      onGathering: () => this.#awaitRelay(negotiation),
      onGathered: (count) => {
        // Where paths were looked for ahead, nobody heard why none was found. The other side finds it out first.
        if (spare && count === 0 && this.#attempts === 0) this.#recoverIn(lookAgainMs);
        else this.#onGathered(count);
      },
      onOfferUnsent: () => {
        const unsent = { reason: "unsent", detail: null } as const;
        if (this.view.state === "connected") this.#tell(unsent);
      },
      onOfferFailed: (failed) => this.#onOfferFailed(negotiation, failed),
      onUnsent: ({ message }) => {
        this.#evidence.refusal = message;
      },
      onFailure: () => this.#rebuildSoon(),
    };
    const negotiation = new Negotiation(options, id);
    this.#negotiation = negotiation;
    return negotiation;
  }

  #discard(): void {
    clearTimeout(this.#relayTimer);
    this.#meter.stop();
    this.#negotiation?.close();
    this.#negotiation = null;
  }

  #onConnectionState(state: RTCPeerConnectionState): void {
    const isConnected = this.view.state === "connected";
    if (state === "connected") {
      this.#stand();
    } else if (state === "disconnected" && isConnected) {
      this.#beginRecovery();
      this.#view.change({ step: this.#env.isOnline() ? "waiting" : "network-changed" });
      this.#recoverIn(this.#pace.afterDisconnect);
    } else if (state === "failed") {
      if (isConnected) this.#beginRecovery();
      // Later attempts keep their pace: the offer of the first one may be on its way.
      if (this.#attempts === 0) this.#recoverIn(this.#pace.afterFailure);
    }
  }

  #stand(): void {
    clearTimeout(this.#recoverTimer);
    this.#wasConnected = true;
    this.#remote.dropOld();
    const connection = this.#negotiation?.connection;
    if (connection) {
      setTimeout(() => this.#env.media.tuneAudio(connection), tuneAfterMs);
      void this.#meter.start(connection);
    }
    this.#enter("connected");
  }

  /** What stands goes on as it was; what the offer was for is tried again, at last with a new connection. */
  #onOfferFailed(negotiation: Negotiation, failed: FailedOffer): void {
    if (this.#negotiation !== negotiation) return;
    if (failed.detail !== null) this.#evidence.refusal = failed.detail;
    // Before it stands, attempts have a pace of their own.
    if (this.view.state !== "connected") return;
    this.#tell(failed);
    if (failed.reason === "refused" && failed.count >= mostRefusals) {
      this.#rebuildSoon();
      return;
    }
    const againMs = Math.min(mostAgainMs, firstAgainMs * 2 ** (failed.count - 1));
    setTimeout(() => negotiation.offerAgain(), againMs);
  }

  #tell(failed: Parameters<typeof noticeOf>[0]): void {
    this.#view.change({ notice: noticeOf(failed, this.view.displayName) });
  }

  /** The connection can do no more, though it may still carry what it carried. */
  #rebuildSoon(): void {
    if (this.view.state === "connected") {
      this.#beginRecovery();
      // Not an ICE restart: it is the descriptions that do not fit.
      this.#attempts = 1;
    }
    this.#recoverIn(this.#pace.afterFailure);
  }

  /** One attempt: first an ICE restart, then new connections. */
  async #recover(): Promise<void> {
    const hasFailed = this.view.state === "failed";
    this.#recoverIn(hasFailed ? betweenHopelessAttemptsMs : this.#pace.betweenAttempts);
    // Nothing can be negotiated; the room calls `retry` when the server is back.
    if (!this.#env.isOnline()) return;
    this.#attempts++;
    const negotiation = this.#negotiation;
    if (this.#attempts === 1 && negotiation?.connection?.remoteDescription) return this.#restart();

    if (!hasFailed) this.#view.change({ step: "rebuilding" });
    await this.#env.ice.refresh();
    // An offer that came meanwhile is under way already.
    const isStillBroken = this.view.state !== "connected" && this.#negotiation === negotiation;
    if (!this.#isOver && isStillBroken) this.#build().open(true);
  }

  #restart(): void {
    if (this.view.state === "reconnecting") this.#view.change({ step: "restarting" });
    const negotiation = this.#negotiation;
    void this.#env.ice.get().then((iceServers) => negotiation?.restartIce(iceServers));
  }

  /** Credentials that expired while the page slept are asked for anew, once. */
  async #onRelayRefused(negotiation: Negotiation): Promise<void> {
    if (this.#otherCredentials !== "not asked for") return;
    this.#otherCredentials = "asked for";
    const areOthers = await this.#env.ice.refresh();
    if (this.#negotiation !== negotiation || this.view.state === "connected") return;
    if (areOthers) {
      this.#build().open(true);
      return;
    }
    this.#otherCredentials = "none";
    if (this.#env.iceTransportPolicy === "relay") this.#onGathered(this.#evidence.relayCandidates);
  }

  /**
   * A relay may still hold a place for this device's port, of a page that was killed. What it answers then is signed for that
   * one, so browsers do not heed it, and ask for ten seconds; from another port they are heard.
   */
  #awaitRelay(negotiation: Negotiation): void {
    clearTimeout(this.#relayTimer);
    this.#relayTimer = setTimeout(() => {
      const isStanding = this.view.state === "connected";
      const isSilent = this.#env.ice.hasRelay && this.#evidence.relayCandidates === 0;
      const mayRestart = this.#attempts === 0 && negotiation.connection?.remoteDescription;
      if (!isStanding && isSilent && mayRestart) void this.#recover();
    }, relayPatienceMs);
  }

  /** Without a single candidate there is nothing to wait for. */
  #onGathered(candidates: number): void {
    const isHopeless = candidates === 0 && this.#otherCredentials !== "asked for";
    if (isHopeless && this.view.state === "connecting") this.#fail();
  }

  #fail(): void {
    const { displayName } = this.view;
    const evidence = { ...this.#evidence, hasRelay: this.#env.ice.hasRelay };
    const failure = explainFailure(evidence, { displayName, isOnline: this.#env.isOnline() });
    this.#enter("failed", { failure });
  }

  #recoverIn(ms: number): void {
    clearTimeout(this.#recoverTimer);
    if (!this.#isOver) this.#recoverTimer = setTimeout(() => void this.#recover(), ms);
  }

  #failIn(ms: number): void {
    clearTimeout(this.#deadlineTimer);
    this.#deadlineTimer = setTimeout(() => this.#fail(), ms);
  }

  #enter(
    state: PeerState,
    facts?: Partial<Pick<RemotePeer, "step" | "failure" | "leaveReason">>,
  ): void {
    if (state !== "connecting" && state !== "reconnecting") clearTimeout(this.#deadlineTimer);
    if (state !== "connected") this.#meter.stop();
    this.#view.enter(state, facts);
  }
}
