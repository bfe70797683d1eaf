import { AppError } from "@fermata/server/internal";
import { middleware } from "../trpc";

/** Requests that hashed a password: their ids say nothing once they are answered. */
const recent = new Set<string>();
const mostRemembered = 10_000;

/**
 * Lets one call of a batch through: hashing a password is made dear on purpose, and one request must not ask for twenty.
 * @throws AppError RATE_LIMITED for the others
 */
export const oncePerRequest = middleware(({ ctx, next }) => {
  if (recent.has(ctx.requestId)) {
    throw new AppError(
      "RATE_LIMITED",
      { retryAfterSeconds: 1 },
      "A batch may ask for one password to be checked or set. Send the others one by one.",
    ).toTrpc();
  }
  if (recent.size >= mostRemembered) {
    const [oldest] = recent;
    if (oldest) recent.delete(oldest);
  }
  recent.add(ctx.requestId);
  return next();
});
