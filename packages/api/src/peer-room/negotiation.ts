import { toFermataError } from "../api-error";
import { preferStereo } from "./prefer-stereo";
import { randomId } from "./random-id";
import { SerialQueue } from "./serial-queue";

/** What goes from page to page, addressed from one connection object to another. */
export interface SignalBody {
  me: string;
  /** Null in an offer that starts afresh. */
  you: string | null;
  sdp?: string;
  candidates?: RTCIceCandidateInit[];
}

export type SignalKind = "offer" | "answer" | "candidates";

export interface NegotiationOptions {
  /** Of two offers that cross, the polite side gives its own up. */
  polite: boolean;
  create(): Promise<RTCPeerConnection>;
  /** Adds local tracks and channels. */
  attach(connection: RTCPeerConnection): void;
  detach(connection: RTCPeerConnection): void;
  send(kind: SignalKind, body: SignalBody): void;
  onTrack(event: RTCTrackEvent): void;
  onState(state: RTCPeerConnectionState): void;
  onDescribed(): void;
  onCandidate(type: RTCIceCandidateType | null): void;
  onRelayError(code: number): void;
  /** No more candidates of our own will come; `count` were found. */
  onGathered(count: number): void;
  onFailure(error: Error): void;
}

/** A path is mostly found by the first candidates, so these do not wait; the many after them go together. */
const firstBatchMs = 0;
const batchMs = 50;

/** Perfect negotiation over one RTCPeerConnection: everything that touches its state goes through one queue. */
export class Negotiation {
  readonly id: string;
  /** The connection object on the other side that this one talks to, once it is known. */
  remoteId: string | null = null;
  connection: RTCPeerConnection | null = null;
  readonly #options: NegotiationOptions;
  readonly #queue = new SerialQueue();
  #candidates = 0;
  #isAttached = false;
  #isClosed = false;
  /** Candidates that came before the description they belong to. */
  #held: RTCIceCandidateInit[] = [];
  #outgoing: RTCIceCandidateInit[] = [];
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #nextBatchMs = firstBatchMs;

  constructor(options: NegotiationOptions, id = randomId()) {
    this.#options = options;
    this.id = id;
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
    this.#queue.run(opened).catch((error) => this.#fail(error));
  }

  /** Goes on with an offer that is under way already. @param described resolves once it is the local description */
  openPrepared(connection: RTCPeerConnection, described: Promise<void>): void {
    this.connection = connection;
    this.#listen(connection);
    this.#attach(connection);
    this.#nextBatchMs = firstBatchMs;
    // Before the answer is looked at.
    this.#run(() => described);
  }

  receive(kind: SignalKind, body: SignalBody): void {
    const { sdp, candidates } = body;
    if (kind === "candidates") this.#run((connection) => this.#add(connection, candidates ?? []));
    else if (sdp) this.#run((connection) => this.#describe(connection, { type: kind, sdp }));
  }

  /** Looks for new paths, with other ICE servers perhaps. */
  restartIce(iceServers: RTCIceServer[]): void {
    this.#run(async (connection) => {
      connection.setConfiguration({ ...connection.getConfiguration(), iceServers });
      connection.restartIce();
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#flushTimer);
    if (!this.connection) return;
    this.#options.detach(this.connection);
    this.connection.close();
  }

  #run(task: (connection: RTCPeerConnection) => Promise<void>): void {
    const guarded = async () => {
      if (!this.#isClosed && this.connection) await task(this.connection);
    };
    this.#queue.run(guarded).catch((error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#options.onFailure(error instanceof Error ? error : toFermataError(error));
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
    when("icecandidate", ({ candidate }) => candidate && this.#collect(candidate));
    when("icecandidateerror", ({ errorCode, url }) => {
      if (/^turns?:/.test(url ?? "")) this.#options.onRelayError(errorCode);
    });
    when("icegatheringstatechange", () => {
      if (connection.iceGatheringState === "complete") this.#options.onGathered(this.#candidates);
    });
  }

  async #offer(connection: RTCPeerConnection): Promise<void> {
    // In any other state an answer is under way, and the browser asks again after it if there is still need.
    if (connection.signalingState !== "stable") return;
    await connection.setLocalDescription();
    this.#sendDescription(connection);
  }

  async #describe(
    connection: RTCPeerConnection,
    description: { type: "offer" | "answer"; sdp: string },
  ): Promise<void> {
    const isOffer = description.type === "offer";
    if (isOffer && !this.#options.polite && connection.signalingState !== "stable") return;
    if (!isOffer && connection.signalingState !== "have-local-offer") return;

    await connection.setRemoteDescription(description);
    this.#options.onDescribed();
    await this.#add(connection, this.#held.splice(0));
    if (!isOffer) return;
    // After the offer, so that tracks take the places that it has.
    this.#attach(connection);
    await connection.setLocalDescription();
    this.#sendDescription(connection);
  }

  async #add(connection: RTCPeerConnection, candidates: RTCIceCandidateInit[]): Promise<void> {
    if (!connection.remoteDescription) {
      this.#held.push(...candidates);
      return;
    }
    for (const candidate of candidates) {
      // One of an offer that lost, or of a kind unknown here; others may do.
      await connection.addIceCandidate(candidate).catch(() => {});
    }
  }

  #collect(candidate: RTCIceCandidate): void {
    if (candidate.candidate === "") return;
    this.#candidates++;
    this.#options.onCandidate(candidate.type);
    this.#outgoing.push(candidate.toJSON());
    // Through the queue, so that they never overtake their description.
    this.#flushTimer ??= setTimeout(() => this.#run(() => this.#flush()), this.#nextBatchMs);
  }

  async #flush(): Promise<void> {
    this.#flushTimer = undefined;
    this.#nextBatchMs = batchMs;
    const candidates = this.#outgoing.splice(0);
    this.#options.send("candidates", { me: this.id, you: this.remoteId, candidates });
  }

  #sendDescription({ localDescription }: RTCPeerConnection): void {
    if (localDescription?.type !== "offer" && localDescription?.type !== "answer") return;
    this.#nextBatchMs = firstBatchMs;
    const sdp = preferStereo(localDescription.sdp);
    this.#options.send(localDescription.type, { me: this.id, you: this.remoteId, sdp });
  }
}
