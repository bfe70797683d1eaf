import type { IceServer } from "@fermata/contract";
import type { IceProvider } from "../../ports/ice-provider";

export interface IceGrant {
  id: string;
  iceServers: IceServer[];
  provider: IceProvider["name"];
  issuedAt: Date;
  expiresAt: Date;
}

const maxGrants = 10_000;
/** Below this share of its time a grant is replaced when somebody asks. */
const renewBelow = 0.2;

/** The credentials given to participants through this process, until they near their expiry. */
class IceGrants {
  readonly #grants = new Map<string, IceGrant>();
  readonly #minting = new Map<string, Promise<IceGrant>>();

  /** @returns the participant's credentials while they have most of their time before them */
  fresh(subject: string, now: Date): IceGrant | null {
    const grant = this.valid(subject, now);
    if (!grant) return null;
    const { issuedAt, expiresAt } = grant;
    const share =
      (expiresAt.getTime() - now.getTime()) / (expiresAt.getTime() - issuedAt.getTime());
    return share >= renewBelow ? grant : null;
  }

  /** @returns the participant's credentials as long as they work at all */
  valid(subject: string, now: Date): IceGrant | null {
    const grant = this.#grants.get(subject);
    return grant && grant.expiresAt > now ? grant : null;
  }

  /** Calls that come while the same participant's credentials are being minted wait for those. */
  async mint(subject: string, issue: () => Promise<IceGrant>): Promise<IceGrant> {
    const minting = this.#minting.get(subject) ?? this.#start(subject, issue);
    return minting;
  }

  /** Forgets credentials that were taken from their participant. */
  forget(subject: string): void {
    this.#grants.delete(subject);
  }

  #start(subject: string, issue: () => Promise<IceGrant>): Promise<IceGrant> {
    const minting = issue()
      .then((grant) => {
        this.#makeRoom(grant.issuedAt);
        this.#grants.set(subject, grant);
        return grant;
      })
      .finally(() => this.#minting.delete(subject));
    this.#minting.set(subject, minting);
    return minting;
  }

  #makeRoom(now: Date): void {
    if (this.#grants.size < maxGrants) return;
    for (const [subject, { expiresAt }] of this.#grants) {
      if (expiresAt <= now) this.#grants.delete(subject);
    }
    // The oldest first: a map remembers the order of insertion.
    for (const subject of this.#grants.keys()) {
      if (this.#grants.size < maxGrants) return;
      this.#grants.delete(subject);
    }
  }
}

// A process has one provider; tests have several side by side.
const grantsOf = new WeakMap<IceProvider, IceGrants>();

export function iceGrants(provider: IceProvider): IceGrants {
  const grants = grantsOf.get(provider) ?? new IceGrants();
  grantsOf.set(provider, grants);
  return grants;
}
