import { fitsOneMessage } from "./description-parts";
import type { LocalMedia } from "./local-media";
import { randomId } from "./random-id";
import type { RoomChannels } from "./room-channels";
import { withWishes } from "./sdp-wishes";
import type { SignalBody } from "./signal";
import type { RtcImplementation } from "./types";
import { wait } from "./wait";

/** Making one is a matter of milliseconds; where it is not, nobody waits for it. */
const patienceMs = 250;

interface PreparingEnvironment {
  rtc: RtcImplementation;
  media: LocalMedia;
  channels: RoomChannels;
  iceTransportPolicy: RTCIceTransportPolicy;
}

/** What the search for paths has come to before anybody negotiated over the connection. */
export interface EarlyPaths {
  /** Those that went with the offer, and those that came too late for it. */
  sent: RTCIceCandidate[];
  unsent: RTCIceCandidate[];
  relayErrorCodes: number[];
}

/**
 * A connection with an offer, made before it is known to whom: it travels with the join, and whoever is there answers
 * while this page still hears who that is. In a lobby, which has servers to look for paths with, it brings the paths along;
 * else they are looked for once there are servers. With nobody there, the connection is kept for the offer of the first
 * one who comes.
 */
export class PreparedOffer {
  /** @returns null where no connection can be made now; who needs one tries again and finds out why */
  static make(env: PreparingEnvironment): PreparedOffer | null {
    try {
      return new PreparedOffer(env);
    } catch {
      return null;
    }
  }

  readonly id = randomId();
  readonly offerId = randomId();
  readonly connection: RTCPeerConnection;
  readonly #env: PreparingEnvironment;
  readonly #early: EarlyPaths = { sent: [], unsent: [], relayErrorCodes: [] };
  readonly #listening = new AbortController();
  #iceServers: RTCIceServer[] | null = null;
  #offer: RTCSessionDescriptionInit | null = null;
  #begun: Promise<void> | null = null;

  private constructor(env: PreparingEnvironment) {
    this.#env = env;
    const { rtc, iceTransportPolicy } = env;
    this.connection = new rtc.RTCPeerConnection({ iceTransportPolicy, bundlePolicy: "max-bundle" });
    env.channels.holdPlace(this.connection);
    env.media.attach(this.connection);
  }

  /** Whether it looks for paths already: such a connection can make its offer, and answer none. */
  get hasBegun(): boolean {
    return this.connection.signalingState === "have-local-offer";
  }

  /** From here on the connection looks for paths, with the servers that it was told first. */
  readonly begin = (iceServers: RTCIceServer[]): Promise<void> => {
    this.#begun ??= this.#look(iceServers);
    return this.#begun;
  };

  async #look(iceServers: RTCIceServer[]): Promise<void> {
    const connection = this.configure(iceServers);
    const { signal } = this.#listening;
    connection.addEventListener(
      "icecandidate",
      ({ candidate }) => {
        if (candidate?.candidate) this.#early.unsent.push(candidate);
      },
      { signal },
    );
    connection.addEventListener(
      "icecandidateerror",
      ({ errorCode, url }) => {
        if (/^turns?:/.test(url ?? "")) this.#early.relayErrorCodes.push(errorCode);
      },
      { signal },
    );
    await connection.setLocalDescription(this.#offer ?? undefined);
  }

  /** @returns what is sent as the offer, or null when it takes too long, is too long to travel with a join, or cannot be made */
  async body(): Promise<SignalBody | null> {
    // In the lobby it may be in the making.
    await this.#begun?.catch(() => {});
    const found = this.#early.unsent.splice(0);
    const sdp = this.hasBegun ? this.connection.localDescription?.sdp : await this.#describe();
    if (sdp === undefined) return null;
    const body = { me: this.id, you: null, offerId: this.offerId, sdp: withWishes(sdp) };
    if (!fitsOneMessage(body)) return null;
    this.#early.sent.push(...found);
    return body;
  }

  async #describe(): Promise<string | undefined> {
    const making = this.connection.createOffer().then(
      (offer) => {
        this.#offer = offer;
      },
      () => {},
    );
    await Promise.race([making, wait(patienceMs)]);
    return this.#offer?.sdp;
  }

  /** For whoever hears of the rest by listening to the connection. */
  takeEarly(): EarlyPaths {
    this.#listening.abort();
    return this.#early;
  }

  /** @returns the connection, with servers to look for paths with */
  configure(iceServers: RTCIceServer[]): RTCPeerConnection {
    const { connection } = this;
    if (this.#iceServers !== iceServers) {
      this.#iceServers = iceServers;
      connection.setConfiguration({ ...connection.getConfiguration(), iceServers });
    }
    return connection;
  }

  /** Looks for paths before there is an offer to answer, so that the relay has given a place by then. */
  lookAhead(iceServers: RTCIceServer[]): void {
    const { connection } = this;
    const ahead = { iceServers, iceCandidatePoolSize: 1 };
    try {
      connection.setConfiguration({ ...connection.getConfiguration(), ...ahead });
      this.#iceServers = iceServers;
    } catch {
      // Here they are looked for with the answer.
    }
  }

  /** For an offer that nobody got. */
  discard(): void {
    this.#listening.abort();
    this.#env.media.detach(this.connection);
    this.connection.close();
  }
}
