import { toFermataError } from "../api-error";
import { CandidateBatches } from "./candidate-batches";
import { inParts } from "./description-parts";
import type { EarlyPaths } from "./prepared-offer";
import { randomId } from "./random-id";
import { withWishes } from "./sdp-wishes";
import { SerialQueue } from "./serial-queue";
import type { SignalBody, SignalKind } from "./signal";

/** An offer that came to nothing; the connection is as it was before it. */
export interface FailedOffer {
  reason: "refused" | "unanswered";
  /** Why, in words, where it is known. */
  detail: string | null;
  /** How many came to nothing one after the other. */
  count: number;
}

export interface NegotiationOptions {
  /** Of two offers that cross, the polite side gives its own up. */
  polite: boolean;
  create(): Promise<RTCPeerConnection>;
  /** Adds local tracks and channels. */
  attach(connection: RTCPeerConnection): void;
  detach(connection: RTCPeerConnection): void;
  /** @returns when the server has it, in the order of the calls */
  send(kind: SignalKind, body: SignalBody): Promise<void>;
  onTrack(event: RTCTrackEvent): void;
  onState(state: RTCPeerConnectionState): void;
  onDescribed(): void;
  onCandidate(type: RTCIceCandidateType | null): void;
  onRelayError(code: number): void;
  /** Paths are looked for from now on. */
  onGathering(): void;
  /** No more candidates of our own will come; `count` were found. */
  onGathered(count: number): void;
  /** The server has not taken an offer yet, which is sent on and on. */
  onOfferUnsent(): void;
  onOfferFailed(failed: FailedOffer): void;
  /** The server did not take what is no offer: the other side will miss it, and ask again. */
  onUnsent(error: Error): void;
  /** This connection can do no more. */
  onFailure(error: Error): void;
}

/** For the server to take an offer, and for its answer from then on. A page answers in milliseconds, one that sleeps does not. */
const patienceMs = 8_000;

/** Perfect negotiation over one RTCPeerConnection: everything that touches its state goes through one queue. */
export class Negotiation {
  readonly id: string;
  /** The connection object on the other side that this one talks to, once it is known. */
  remoteId: string | null = null;
  connection: RTCPeerConnection | null = null;
  readonly #options: NegotiationOptions;
  readonly #queue = new SerialQueue();
  #isAttached = false;
  #isClosed = false;
  /** The offer that waits for its answer. */
  #offerId: string | null = null;
  #failedOffers = 0;
  /** While an answer that is under way becomes the local description. */
  #isAnswerSent = false;
  /** After an offer that came to nothing the next one waits for `offerAgain`: a refusal must not become a storm. */
  #isHeld = false;
  #answerTimer: ReturnType<typeof setTimeout> | undefined;
  /** Candidates that came before the description they belong to. */
  #early: RTCIceCandidateInit[] = [];
  readonly #found: CandidateBatches;

  constructor(options: NegotiationOptions, id = randomId()) {
    this.#options = options;
    this.id = id;
    this.#found = new CandidateBatches({
      whenDue: (flush) => (this.#isAnswerSent ? flush() : this.#run(async () => flush())),
      send: (candidates) => this.#sendCandidates(candidates),
    });
  }

  /** Makes the connection: with tracks and channels, which leads to an offer, or waiting for one. */
  open(initiate: boolean): void {
    const opened = async () => {
      const connection = await this.#options.create();
      if (this.#isClosed) {
        this.#options.detach(connection);
        return connection.close();
      }
      this.connection = connection;
      this.#listen(connection);
      if (initiate) this.#attach(connection);
    };
    this.#queue.run(opened).catch((error) => this.fail(error));
  }

  /**
   * Goes on with an offer that is under way already.
   * @param described resolves once it is the local description
   */
  openPrepared(
    connection: RTCPeerConnection,
    prepared: { offerId: string; described: Promise<void>; early: EarlyPaths },
  ): void {
    const { offerId, described, early } = prepared;
    this.connection = connection;
    this.#offerId = offerId;
    this.#listen(connection);
    this.#attach(connection);
    // Before the answer is looked at.
    this.#run(() => described);
    for (const code of early.relayErrorCodes) this.#options.onRelayError(code);
    for (const { type } of early.sent) this.#options.onCandidate(type);
    this.#found.count += early.sent.length;
    for (const candidate of early.unsent) this.#collect(candidate);
    this.#tellGathering(connection);
  }

  receive(kind: SignalKind, body: SignalBody): void {
    const { sdp, refusal, candidates, offerId } = body;
    if (kind === "candidates") this.#run((connection) => this.#add(connection, candidates ?? []));
    else if (kind === "offer" && sdp) this.#run(() => this.#takeOffer(sdp, offerId));
    else if (kind === "answer" && (sdp || refusal)) this.#run(() => this.#takeAnswer(body));
  }

  /** Looks for new paths, with other ICE servers perhaps. */
  restartIce(iceServers: RTCIceServer[]): void {
    this.#run(async (connection) => {
      connection.setConfiguration({ ...connection.getConfiguration(), iceServers });
      connection.restartIce();
    });
  }

  /** Tries once more what the last offer was for. */
  offerAgain(): void {
    this.#run((connection) => {
      this.#isHeld = false;
      return this.#offer(connection);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#found.close();
    clearTimeout(this.#answerTimer);
    if (!this.connection) return;
    this.#options.detach(this.connection);
    this.connection.close();
  }

  fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#options.onFailure(error instanceof Error ? error : toFermataError(error));
  }

  #run(task: (connection: RTCPeerConnection) => Promise<void>): void {
    const guarded = async () => {
      if (!this.#isClosed && this.connection) await task(this.connection);
    };
    this.#queue.run(guarded).catch((error) => this.fail(error));
  }

  #attach(connection: RTCPeerConnection): void {
    if (this.#isAttached) return;
    this.#isAttached = true;
    this.#options.attach(connection);
  }

  #listen(connection: RTCPeerConnection): void {
    const when = <Type extends keyof RTCPeerConnectionEventMap>(
      type: Type,
      listener: (event: RTCPeerConnectionEventMap[Type]) => void,
    ) => connection.addEventListener(type, (event) => !this.#isClosed && listener(event));

    when("negotiationneeded", () => this.#run((present) => this.#offer(present)));
    when("connectionstatechange", () => this.#options.onState(connection.connectionState));
    when("track", (event) => this.#options.onTrack(event));
    when("icecandidate", ({ candidate }) => candidate?.candidate && this.#collect(candidate));
    when("icecandidateerror", ({ errorCode, url }) => {
      if (/^turns?:/.test(url ?? "")) this.#options.onRelayError(errorCode);
    });
    when("icegatheringstatechange", () => this.#tellGathering(connection));
  }

  #tellGathering({ iceGatheringState }: RTCPeerConnection): void {
    if (iceGatheringState === "gathering") this.#options.onGathering();
    if (iceGatheringState === "complete") this.#options.onGathered(this.#found.count);
  }

  async #offer(connection: RTCPeerConnection): Promise<void> {
    // In any other state an answer is under way, and the browser asks again after it if there is still need.
    if (this.#isHeld || connection.signalingState !== "stable") return;
    await connection.setLocalDescription();
    const offerId = randomId();
    this.#offerId = offerId;
    this.#wait(offerId, () => this.#options.onOfferUnsent());
    this.#sendDescription(connection.localDescription, offerId).then(
      () =>
        this.#wait(offerId, () => this.#giveUp(offerId, { reason: "unanswered", detail: null })),
      (error) => this.#giveUp(offerId, { reason: "refused", detail: error.message }),
    );
  }

  /** @param onLate while this is still the offer that is to be answered */
  #wait(offerId: string, onLate: () => void): void {
    const isAwaited = () => !this.#isClosed && this.#offerId === offerId;
    if (!isAwaited()) return;
    clearTimeout(this.#answerTimer);
    this.#answerTimer = setTimeout(() => isAwaited() && onLate(), patienceMs);
  }

  #giveUp(offerId: string, failed: Pick<FailedOffer, "reason" | "detail">): void {
    this.#run(async (connection) => {
      if (this.#offerId !== offerId) return;
      this.#offerId = null;
      this.#isHeld = true;
      if (connection.signalingState === "have-local-offer") {
        await connection.setLocalDescription({ type: "rollback" });
      }
      this.#options.onOfferFailed({ ...failed, count: ++this.#failedOffers });
    });
  }

  async #takeOffer(sdp: string, offerId: string | undefined): Promise<void> {
    const { connection } = this;
    if (!connection || (!this.#options.polite && connection.signalingState !== "stable")) return;
    // Of ours under way the polite side hears nothing more; the browser asks for it again after this one.
    this.#offerId = null;
    this.#isHeld = false;
    try {
      await setOffer(connection, sdp);
    } catch (error) {
      const refusal = error instanceof Error ? error.message : String(error);
      const body = { me: this.id, you: this.remoteId, offerId, refusal };
      this.#options.send("answer", body).catch(this.#options.onUnsent);
      return;
    }
    this.#options.onDescribed();
    await this.#add(connection, this.#early.splice(0));
    // After the offer, so that tracks take the places that it has.
    this.#attach(connection);
    const answer = await connection.createAnswer();
    // It is under way while this browser takes it in, and paths follow it.
    this.#sendDescription(answer, offerId).catch(this.#options.onUnsent);
    this.#isAnswerSent = true;
    const isFirst = connection.currentLocalDescription === null;
    if (isFirst && connection.getConfiguration().iceCandidatePoolSize) {
      // Paths that were looked for ahead are thrown away by a final answer, and not by one that is not final yet. Where the
      // browser takes none of those, they are looked for anew.
      await connection.setLocalDescription({ type: "pranswer", sdp: answer.sdp }).catch(() => {});
    }
    await connection.setLocalDescription(answer);
    this.#isAnswerSent = false;
  }

  async #takeAnswer({ sdp, refusal, offerId }: SignalBody): Promise<void> {
    const { connection } = this;
    const awaited = this.#offerId;
    if (!connection || awaited === null || connection.signalingState !== "have-local-offer") return;
    // Pages of the release before name no offer.
    if (offerId !== undefined && offerId !== awaited) return;
    if (sdp === undefined) {
      this.#giveUp(awaited, { reason: "refused", detail: refusal ?? null });
      return;
    }
    try {
      await connection.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#giveUp(awaited, { reason: "refused", detail });
      return;
    }
    this.#offerId = null;
    this.#failedOffers = 0;
    clearTimeout(this.#answerTimer);
    this.#options.onDescribed();
    await this.#add(connection, this.#early.splice(0));
  }

  async #add(connection: RTCPeerConnection, candidates: RTCIceCandidateInit[]): Promise<void> {
    if (!connection.remoteDescription) {
      this.#early.push(...candidates.slice(0, 200 - this.#early.length));
      return;
    }
    for (const candidate of candidates) {
      // One of an offer that lost, or of a kind unknown here; others may do.
      await connection.addIceCandidate(candidate).catch(() => {});
    }
  }

  #collect(candidate: RTCIceCandidate): void {
    this.#options.onCandidate(candidate.type);
    this.#found.collect(candidate);
  }

  #sendCandidates(candidates: RTCIceCandidateInit[]): void {
    if (this.#isClosed) return;
    const body = { me: this.id, you: this.remoteId, candidates };
    this.#options.send("candidates", body).catch(this.#options.onUnsent);
  }

  async #sendDescription(
    description: RTCSessionDescriptionInit | null,
    offerId: string | undefined,
  ): Promise<void> {
    const type = description?.type;
    if (type !== "offer" && type !== "answer") return;
    this.#found.begin();
    const sdp = withWishes(description?.sdp ?? "");
    const bodies = inParts({ me: this.id, you: this.remoteId, offerId, sdp });
    await Promise.all(bodies.map((body) => this.#options.send(type, body)));
  }
}

async function setOffer(connection: RTCPeerConnection, sdp: string): Promise<void> {
  const { currentLocalDescription, currentRemoteDescription, pendingLocalDescription } = connection;
  // An offer of ours that is withdrawn for this one has numbered its extensions, too, and Chromium remembers.
  const known = [currentLocalDescription, currentRemoteDescription, pendingLocalDescription];
  try {
    await connection.setRemoteDescription({ type: "offer", sdp });
  } catch (error) {
    // Few calls ever need it; where it cannot be loaded, the offer is refused and made again.
    const loaded = await import("./extension-ids").catch(() => null);
    const without = loaded?.withoutClashingExtensions(sdp, known) ?? sdp;
    if (without === sdp) throw error;
    await connection.setRemoteDescription({ type: "offer", sdp: without });
  }
}
