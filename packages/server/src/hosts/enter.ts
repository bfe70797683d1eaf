import type { Leave, Rank } from "../limits/in-flight";
import type { Call } from "./call";
import { isPlainCall } from "./plain-call";

const leaveNothing: Leave = () => {};

/**
 * A slot among the requests that this process works on, for a call that was admitted.
 * @throws AppError UPSTREAM_UNAVAILABLE, or rejects with it, when the process has more to do than it can
 */
export function enter(call: Call): Leave | Promise<Leave> {
  const { route, hosting } = call;
  if (route.policy.whenBusy === "answered" || call.isPreflight || call.isStream) {
    return leaveNothing;
  }
  return hosting.services.inFlight.enter(rankOf(call));
}

/** The same for a procedure that a router of the app's nests, whatever route of the app's it came by. */
export function enterNested(call: Call): Leave | Promise<Leave> {
  return call.hosting.services.inFlight.enter(rankByCredential(call) ?? "anybody");
}

/** By what is known without asking anybody: the credential itself is looked at later. */
function rankByCredential({ credential, hosting }: Call): Rank | null {
  if (!credential) return null;
  return hosting.services.inFlight.isKnown(credential) ? "known" : "claimed";
}

function rankOf(call: Call): Rank {
  const rank = rankByCredential(call);
  if (rank) return rank;
  // An upload's URL was given to somebody, and a plain call carries its bearer in its body.
  const isClaimed = call.head.method === "PUT" || call.route.policy.isSecret || isPlainCall(call);
  return isClaimed ? "claimed" : "anybody";
}

/** Gives the slot back once all of a streamed answer was read, or is no longer wanted. */
export function leaveWhenRead(response: Response, leave: Leave): Response {
  if (!response.body) {
    leave();
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        leave();
        throw error;
      });
      if (!done) return controller.enqueue(value);
      leave();
      controller.close();
    },
    cancel(reason) {
      leave();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
