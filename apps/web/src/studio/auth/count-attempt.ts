import { setTimeout as sleep } from "node:timers/promises";
import { networkOf } from "@fermata/server/internal";
import type { RequestContext } from "../context";
import { signInRules as rules, take, tooManyAttempts } from "./sign-in-limits";

const slowMs = 250;

export interface Attempt {
  /** Set where a right answer is due and a wrong one is not any more: then this is said instead of "wrong". */
  retryAfterSeconds: number | null;
  /** Takes the attempt off the books: it was right. */
  forgive(): Promise<void>;
}

/**
 * Counts an attempt at an account before it is looked at, so that many at once are as many as one after the other.
 * By (account, network) first. A stranger's attempts never use up those of the device or network that the owner is
 * known by: from there the right password passes while a wrong one is told to wait.
 * @throws AppError RATE_LIMITED
 */
export async function countAttempt(
  ctx: Pick<RequestContext, "limits" | "clientAddress">,
  {
    email,
    device,
    isKnownNetwork,
  }: { email: string; device: string | null; isKnownNetwork: boolean },
): Promise<Attempt> {
  const { limits } = ctx;
  const network = networkOf(ctx.clientAddress);
  const pair = JSON.stringify([email, device ?? network]);
  const pairWait = await take(ctx, pair, rules.pair);

  if (device !== null || isKnownNetwork) {
    if (pairWait === null) {
      return { retryAfterSeconds: null, forgive: () => limits.forget(pair, rules.pair) };
    }
    const wait = await take(ctx, pair, rules.familiar);
    if (wait !== null) throw tooManyAttempts(wait);
    return {
      retryAfterSeconds: pairWait,
      // The count of the pair stays: whoever guesses beside the owner goes on being refused.
      forgive: () => limits.giveBack(pair, 1, rules.familiar),
    };
  }

  if (pairWait !== null) throw tooManyAttempts(pairWait);
  // Where networks cannot be told apart none is counted: one stranger would keep everybody out.
  const networkWait = network === null ? null : await take(ctx, network, rules.network);
  const wait = networkWait ?? (await take(ctx, email, rules.account));
  if (wait !== null) throw tooManyAttempts(wait);
  if (network !== null && (await take(ctx, network, rules.quick)) !== null) await sleep(slowMs);
  return {
    retryAfterSeconds: null,
    async forgive() {
      await Promise.all([
        limits.forget(pair, rules.pair),
        limits.giveBack(email, 1, rules.account),
        ...(network === null
          ? []
          : [limits.giveBack(network, 1, rules.network), limits.giveBack(network, 1, rules.quick)]),
      ]);
    },
  };
}
