import { fitsOneMessage } from "./description-parts";
import type { LocalMedia } from "./local-media";
import { preferStereo } from "./prefer-stereo";
import { randomId } from "./random-id";
import type { RoomChannels } from "./room-channels";
import type { SignalBody } from "./signal";
import type { RtcImplementation } from "./types";

/** Making one is a matter of milliseconds; where it is not, nobody waits for it. */
const patienceMs = 250;

interface PreparingEnvironment {
  rtc: RtcImplementation;
  media: LocalMedia;
  channels: RoomChannels;
  iceTransportPolicy: RTCIceTransportPolicy;
}

/**
 * A connection with an offer, made before it is known to whom: it travels with the join, and whoever is there answers
 * while this page still hears who that is. Paths are looked for once there are servers to look with. With nobody there,
 * the connection is kept for the offer of the first one who comes.
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
  #offer: RTCSessionDescriptionInit | null = null;

  private constructor(env: PreparingEnvironment) {
    this.#env = env;
    const { rtc, iceTransportPolicy } = env;
    this.connection = new rtc.RTCPeerConnection({ iceTransportPolicy, bundlePolicy: "max-bundle" });
    env.channels.holdPlace(this.connection);
    env.media.attach(this.connection);
  }

  /** @returns what is sent as the offer, or null when it takes too long, is too long to travel with a join, or cannot be made */
  async body(): Promise<SignalBody | null> {
    const making = this.connection.createOffer().then(
      (offer) => {
        this.#offer = offer;
      },
      () => {},
    );
    await Promise.race([making, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    if (this.#offer?.sdp === undefined) return null;
    const sdp = preferStereo(this.#offer.sdp);
    const body = { me: this.id, you: null, offerId: this.offerId, sdp };
    return fitsOneMessage(body) ? body : null;
  }

  /** From here on the connection looks for paths. */
  readonly begin = async (iceServers: RTCIceServer[]): Promise<void> => {
    const connection = this.configure(iceServers);
    if (this.#offer) await connection.setLocalDescription(this.#offer);
  };

  /** @returns the connection, with servers to look for paths with */
  configure(iceServers: RTCIceServer[]): RTCPeerConnection {
    const { connection } = this;
    connection.setConfiguration({ ...connection.getConfiguration(), iceServers });
    return connection;
  }

  /** For an offer that nobody got. */
  discard(): void {
    this.#env.media.detach(this.connection);
    this.connection.close();
  }
}
