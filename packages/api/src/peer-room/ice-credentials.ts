import type { PeerRoomSnapshot } from "./types";

export interface IceGrant {
  iceServers: RTCIceServer[];
  provider: NonNullable<PeerRoomSnapshot["relayProvider"]>;
  expiresAt: string | null;
}

export interface IceCredentialsOptions {
  /** Asks the server, which gives the same credentials until they near their expiry. */
  ask(): Promise<IceGrant>;
  /** The servers that connections are to use from now on: what they have is about to expire. */
  onRenewed(): void;
  onGrant(grant: IceGrant): void;
  /** The server's clock, in milliseconds since the epoch: this device's own may be days off. */
  now(): number;
}

/** The server renews in the last fifth of the credentials' time, so they are asked for a little later than that. */
const renewShare = 0.85;
const longestLeadMs = 10 * 60_000;
/** Also where this device's clock is wrong, and the server does not tell its own. */
const shortestWaitMs = 30_000;
/** A call must not wait long for a relay: most connect without one. */
const patienceMs = 5_000;

/** The ICE servers of this participant, renewed before they expire. */
export class IceCredentials {
  readonly #options: IceCredentialsOptions;
  #grant: IceGrant | null = null;
  #asking: Promise<IceGrant | null> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IceCredentialsOptions) {
    this.#options = options;
  }

  /** What there is, or the answer of the server; empty when it does not give any in time. */
  async get(): Promise<RTCIceServer[]> {
    const grant = this.#grant ?? (await inTime(this.#ask()));
    return grant?.iceServers ?? [];
  }

  /** What there is without asking. */
  get known(): RTCIceServer[] | null {
    return this.#grant?.iceServers ?? null;
  }

  get hasRelay(): boolean {
    const urls = (this.#grant?.iceServers ?? []).flatMap((server) => server.urls);
    return urls.some((url) => /^turns?:/.test(url));
  }

  /** Asks the server again. @returns whether it gave something else than before */
  async refresh(): Promise<boolean> {
    const before = JSON.stringify(this.#grant?.iceServers);
    const grant = await inTime(this.#ask());
    return grant !== null && JSON.stringify(grant.iceServers) !== before;
  }

  /** Forgets the credentials, of a seat that is another one now. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#grant = null;
    this.#asking = null;
  }

  #ask(): Promise<IceGrant | null> {
    if (this.#asking) return this.#asking;
    const asking = this.#options.ask().then(
      (grant) => {
        if (this.#asking === asking) this.take(grant);
        return grant;
      },
      () => {
        if (this.#asking === asking) this.#asking = null;
        return this.#grant;
      },
    );
    this.#asking = asking;
    return asking;
  }

  /** Uses what the server has given, by an answer or unasked. */
  take(grant: IceGrant): void {
    this.#asking = null;
    this.#grant = grant;
    this.#options.onGrant(grant);
    clearTimeout(this.#timer);
    if (!grant.expiresAt) return;
    const leftMs = Date.parse(grant.expiresAt) - this.#options.now();
    const leadMs = Math.min(longestLeadMs, leftMs * (1 - renewShare));
    this.#timer = setTimeout(() => void this.#renew(), Math.max(shortestWaitMs, leftMs - leadMs));
  }

  async #renew(): Promise<void> {
    if (await this.refresh()) this.#options.onRenewed();
    // The server could not be asked: `take` did not set the next time.
    else if (this.#grant) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#renew(), shortestWaitMs);
    }
  }
}

function inTime<T>(promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), patienceMs);
    promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
