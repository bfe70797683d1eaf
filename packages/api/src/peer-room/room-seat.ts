import { FermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import { warmUp } from "../warm-up";
import { retryAfterMs } from "./outbox";
import type { Preparation } from "./preparation";
import type { PreparedOffer } from "./prepared-offer";
import { randomId } from "./random-id";
import type { RoomState } from "./room-state";
import type { RoomStream } from "./room-stream";
import { holding, inTurn } from "./seat-turns";
import type { SessionKeeper } from "./session-keeper";
import { giveBackSeat, type Seat, takeSeat } from "./take-seat";
import type { RoomStatus } from "./types";

/** A server that answers sooner is so near that connections to it need not be opened ahead, which would hold up the join. */
const nearMs = 25;
/** How soon a full room is asked again. */
const betweenTriesMs = 5_000;

/** By what a seat is asked for. */
interface Proof {
  inviteToken?: string;
  resumeToken?: string;
  lobbyKey?: string | undefined;
}

export interface RoomSeatOptions {
  client: FermataCore;
  roomId: string;
  inviteToken: string | undefined;
  displayName: string;
  session: SessionKeeper;
  preparation: Preparation;
  stream: RoomStream;
  state: RoomState;
  /** A seat is asked for from now on. */
  onEnter(): void;
  /** It is taken, and the room is read after `cursor`. @param prepared the offer that went with the join */
  onTaken(taken: Seat, cursor: string, prepared: PreparedOffer | null): Promise<void>;
  /** Its token is void. @returns how far the room was read, which goes on there once it is taken again */
  onInterrupted(): string;
  /** There is none any more, and none is asked for. @param given the one that there was */
  onEnd(given: Seat | null, status: RoomStatus, error: FermataError | null): void;
}

/** This page's seat: asked for, waited for, taken, taken again, and given back. */
export class RoomSeat {
  readonly #options: RoomSeatOptions;
  #displayName: string;
  #taken: Seat | null = null;
  /** Goes up with each join and each end: what was begun before is void. */
  #life = 0;
  #joining: Promise<void> | null = null;
  /** Of the join that is under way. */
  #joinKey = "";
  #tryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RoomSeatOptions) {
    this.#options = options;
    this.#displayName = options.displayName;
  }

  get taken(): Seat | null {
    return this.#taken;
  }

  /** Whether there is one, or soon may be. */
  get isWanted(): boolean {
    return this.#taken !== null || this.#joining !== null;
  }

  /** @returns whether nothing was joined or ended since */
  inThisLife(): () => boolean {
    const own = this.#life;
    return () => own === this.#life;
  }

  join({ displayName = this.#displayName }: { displayName?: string } = {}): Promise<void> {
    this.#displayName = displayName;
    if (this.#taken) return this.#joining ?? Promise.resolve();
    return this.#joining ?? this.#keepJoining(this.#enter(++this.#life));
  }

  /** The token became void while nobody listened. Only the very same seat will do: an invite would undo a kick. */
  async resume(): Promise<void> {
    if (!this.#taken || this.#joining) return;
    const { resumeToken } = this.#taken;
    const own = ++this.#life;
    const cursor = this.#options.onInterrupted();
    const resumed = this.#sit(own, { resumeToken }, "seat-lost").then(async (taken) => {
      if (own !== this.#life) await this.#abandon(taken);
      await this.#begin(taken, cursor);
    });
    // The status tells of a failure.
    await this.#keepJoining(resumed).catch(() => {});
  }

  /** Gives it up; a join that is under way gives its own back itself, and the next one waits for that. */
  async leave(): Promise<void> {
    const given = this.#taken;
    this.end("left");
    if (given) await this.#giveBack(given);
  }

  end(status: RoomStatus, error: FermataError | null = null): void {
    this.#life++;
    this.#joining = null;
    this.#joinKey = "";
    clearTimeout(this.#tryTimer);
    const given = this.#taken;
    this.#taken = null;
    this.#options.onEnd(given, status, error);
  }

  /** The page may never run again. With `mayReturn` the seat stays its own until somebody else needs it. */
  unload({ mayReturn }: { mayReturn: boolean }): void {
    const { client, roomId } = this.#options;
    if (this.#taken || this.#joinKey) {
      const by = this.#taken ? { roomToken: this.#taken.roomToken } : { joinKey: this.#joinKey };
      void giveBackSeat(client, { roomId, ...by }, { keepalive: true, mayReturn });
    }
    if (this.#taken && !mayReturn) this.end("left");
  }

  #keepJoining(attempt: Promise<void>): Promise<void> {
    this.#joining = attempt;
    const forget = () => {
      if (this.#joining === attempt) this.#joining = null;
    };
    attempt.then(forget, forget);
    return attempt;
  }

  async #enter(own: number, { isWaiting = false } = {}): Promise<void> {
    const { client, inviteToken, session, preparation, stream, state } = this.#options;
    clearTimeout(this.#tryTimer);
    if (!isWaiting) state.setStatus("joining");
    this.#options.onEnter();
    stream.expect();
    const saved = await session.find();
    if (own !== this.#life) throw new FermataError("ABORTED");
    // Who waits for a seat asks often, and makes its connections when it has one.
    const { offer: prepared = null, lobbyKey } = isWaiting ? {} : preparation.take();
    const proof = { inviteToken, lobbyKey, ...saved };
    const taken = await this.#sit(own, proof, "refused", prepared).catch((error: unknown) => {
      prepared?.discard();
      throw error;
    });
    if (own !== this.#life) await this.#abandon(taken);
    if (!taken.offeredTo) preparation.keep(prepared);
    const isSame = saved?.peerId === taken.peerId;
    session.seen = isSame ? saved.seen : {};
    await this.#begin(taken, isSame ? saved.cursor : taken.cursor, prepared);
    // Somebody will come: then an answer, and the paths that are found right behind it, go at once.
    if (!taken.offeredTo) warmUp(client, 2);
    if (own !== this.#life) throw new FermataError("ABORTED");
  }

  #begin(taken: Seat, cursor: string, prepared: PreparedOffer | null = null): Promise<void> {
    this.#taken = taken;
    this.#joinKey = "";
    return this.#options.onTaken(taken, cursor, prepared);
  }

  async #sit(
    own: number,
    proof: Proof,
    unknown: RoomStatus,
    prepared: PreparedOffer | null = null,
  ): Promise<Seat> {
    try {
      return await inTurn(this.#options.roomId, () => this.#sitDown(own, proof, prepared));
    } catch (error) {
      if (own === this.#life && error instanceof FermataError) {
        const { code } = error;
        this.end(
          code === "ROOM_FULL" ? "full" : code === "ROOM_CLOSED" ? "closed" : unknown,
          error,
        );
        if (code === "ROOM_FULL") this.#waitForSeat(error);
      }
      throw error;
    }
  }

  async #sitDown(own: number, proof: Proof, prepared: PreparedOffer | null): Promise<Seat> {
    const { client, roomId, state } = this.#options;
    const isCancelled = () => own !== this.#life;
    const onDelay = (error: FermataError) => state.update({ error });
    const body = await prepared?.body();
    if (isCancelled()) throw new FermataError("ABORTED");
    const joinKey = randomId();
    this.#joinKey = joinKey;
    // Nothing was seen of the room yet: what is sent with the join is for whoever is there at that moment.
    const offer = body ? { ...body, seen: "" } : undefined;
    // A lobby has connections; who waits for a seat, or takes it again, needs none at once.
    const isUnprepared = prepared !== null && proof.lobbyKey === undefined;
    // The stream takes over the join's own; this one is for what follows the offer.
    const warming = isUnprepared ? setTimeout(() => warmUp(client, 1), nearMs) : undefined;
    const displayName = this.#displayName;
    const asked = { client, roomId, displayName, ...proof, joinKey, offer, isCancelled, onDelay };
    const taken = await takeSeat(asked).finally(() => clearTimeout(warming));
    if (isCancelled()) await this.#abandon(taken);
    return taken;
  }

  /** A seat that was taken for a join that was given up meanwhile is nobody's. */
  async #abandon(taken: Seat): Promise<never> {
    await this.#giveBack(taken);
    throw new FermataError("ABORTED");
  }

  #giveBack({ roomToken }: Seat): Promise<void> {
    const { client, roomId } = this.#options;
    return holding(roomId, giveBackSeat(client, { roomId, roomToken }));
  }

  #waitForSeat(error: FermataError): void {
    const ms = Math.min(retryAfterMs(error) ?? betweenTriesMs, betweenTriesMs);
    this.#options.state.update({ nextTryAt: Date.now() + ms });
    // A refusal is told by the status, or leads here again.
    const tryAgain = () =>
      void this.#keepJoining(this.#enter(++this.#life, { isWaiting: true })).catch(() => {});
    this.#tryTimer = setTimeout(tryAgain, ms);
  }
}
