import type { FermataCore } from "../create-core";
import type { LinkEnvironment } from "./link-environment";
import type { Lobby } from "./lobby";
import { PreparedOffer } from "./prepared-offer";

export interface PreparationOptions {
  client: FermataCore;
  roomId: string;
  inviteToken: string | undefined;
  now(): number;
  env(): LinkEnvironment;
}

/** Connections that are made before it is known to whom: in a lobby, for a join, and for the first one who comes. */
export class Preparation {
  readonly #options: PreparationOptions;
  #lobby: Lobby | null = null;
  #spare: PreparedOffer | null = null;

  constructor(options: PreparationOptions) {
    this.#options = options;
  }

  /** @param isWanted asked again once what it takes is loaded */
  async openLobby(isWanted: () => boolean): Promise<void> {
    const loaded = await import("./lobby").catch(() => null);
    if (!loaded || !isWanted()) return;
    const { client, roomId, inviteToken, now } = this.#options;
    const makeOffer = () => this.#make();
    this.#lobby ??= new loaded.Lobby({ client, roomId, inviteToken, now, makeOffer });
    await this.#lobby.open();
  }

  closeLobby(): void {
    this.#lobby?.close();
  }

  mediaChanged(): void {
    this.#lobby?.mediaChanged();
  }

  /** What goes with a join: what the lobby has, or an offer that is made now. */
  take(): { offer: PreparedOffer | null; lobbyKey?: string } {
    return this.#lobby?.take() ?? { offer: this.#make() };
  }

  /** Nobody was there to get it. Whoever comes first makes an offer, and finds a connection ready. */
  keep(offer: PreparedOffer | null): void {
    this.#spare = offer?.hasBegun ? this.#make() : offer;
    if (this.#spare !== offer) offer?.discard();
  }

  /** With these servers, given or renewed. */
  lookAhead(iceServers: RTCIceServer[]): void {
    this.#spare?.lookAhead(iceServers);
  }

  /** Paths of another network, or from before a sleep, lead nowhere. */
  lookAnew(): void {
    const spare = this.takeSpare();
    if (!spare) return;
    spare.discard();
    this.keep(this.#make());
    const { known } = this.#options.env().ice;
    if (known) this.lookAhead(known);
  }

  takeSpare(): PreparedOffer | null {
    const taken = this.#spare;
    this.#spare = null;
    return taken;
  }

  #make(): PreparedOffer | null {
    return PreparedOffer.make(this.#options.env());
  }
}
