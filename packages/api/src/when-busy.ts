import { readErrorBody } from "./api-error";
import { waitOut } from "./retry";

/** Tries in all, the first included. Who still finds no place then is told so. */
const mostTries = 4;
/** A server that asks for more than this is not merely busy. */
const longestWaitSeconds = 10;

/**
 * Asks again after the time that a busy server asks for. It refuses before anything ran, so that a mutation, too, may be
 * sent again.
 */
export function whenBusy(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    for (let tries = 1; ; tries++) {
      const response = await send(input, init);
      if (response.status !== 503 || tries === mostTries) return response;
      const body: unknown = await response
        .clone()
        .json()
        .catch(() => null);
      const details = readErrorBody(body)?.details;
      const seconds = details?.retryAfterSeconds;
      const isBusy = details?.reason === "busy" && typeof seconds === "number";
      if (!isBusy || seconds > longestWaitSeconds) return response;
      await waitOut(seconds * 1000, init?.signal ?? undefined);
      if (init?.signal?.aborted) return response;
    }
  };
}
