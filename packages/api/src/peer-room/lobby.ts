import type { FermataCore } from "../create-core";
import type { IceGrant } from "./ice-credentials";
import type { PreparedOffer } from "./prepared-offer";
import { randomId } from "./random-id";

export interface LobbyOptions {
  client: FermataCore;
  roomId: string;
  inviteToken: string | undefined;
  /** The server's clock, in milliseconds since the epoch, as far as it is known before the join. */
  now(): number;
  makeOffer(): PreparedOffer | null;
}

/** What was prepared, with the key under which the server gave credentials for it. */
export interface Prepared {
  offer: PreparedOffer;
  lobbyKey: string;
}

/** A user who decides waits no longer for this. */
const patienceMs = 5_000;
/** Prepared again before the credentials end, or when nothing else says when. */
const shareOfTime = 0.75;
const longestMs = 30 * 60_000;

/**
 * Does before the click what can be done before it: gets the relay's credentials, makes an offer and looks for paths. Whatever of it does not come about is done by the join.
 */
export class Lobby {
  readonly #options: LobbyOptions;
  #prepared: Prepared | null = null;
  #grant: IceGrant | null = null;
  #key = "";
  /** Goes up with each beginning and each end. */
  #life = 0;
  #isOpen = false;
  #againTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LobbyOptions) {
    this.#options = options;
  }

  /** Resolves when what could be prepared is; never rejects: whether the room can be joined, the join tells. */
  async open(): Promise<void> {
    const own = ++this.#life;
    this.#isOpen = true;
    const { client, roomId, inviteToken, now } = this.#options;
    const lobbyKey = randomId();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, patienceMs, null);
    });
    const asked = client.trpc.signaling.prepare
      .mutate({ roomId, inviteToken, lobbyKey })
      // A server of the release before knows no lobby.
      .catch(() => null);
    const answer = await Promise.race([asked, patience]);
    clearTimeout(timer);
    if (own !== this.#life || !answer) return;
    this.#grant = answer.turn;
    this.#key = lobbyKey;
    clearTimeout(this.#againTimer);
    const { expiresAt } = answer.turn;
    const leftMs = expiresAt ? Date.parse(expiresAt) - now() : longestMs;
    const againMs = Math.min(longestMs, Math.max(60_000, leftMs * shareOfTime));
    this.#againTimer = setTimeout(() => void this.open(), againMs);
    await this.#makeOffer();
  }

  /** What is sent is something else now: the offer with it. */
  mediaChanged(): void {
    if (this.#isOpen && this.#grant) void this.#makeOffer();
  }

  /** The lobby is left, with what was prepared in it. */
  take(): Prepared | null {
    const prepared = this.#prepared;
    this.#prepared = null;
    this.close();
    return prepared;
  }

  close(): void {
    this.#life++;
    this.#isOpen = false;
    this.#grant = null;
    clearTimeout(this.#againTimer);
    this.#drop();
  }

  async #makeOffer(): Promise<void> {
    this.#drop();
    const offer = this.#options.makeOffer();
    if (!offer || !this.#grant) return;
    const prepared = { offer, lobbyKey: this.#key };
    this.#prepared = prepared;
    // One that fails is no loss.
    await offer.begin(this.#grant.iceServers).catch(() => {
      if (this.#prepared === prepared) this.#drop();
    });
  }

  #drop(): void {
    this.#prepared?.offer.discard();
    this.#prepared = null;
  }
}
