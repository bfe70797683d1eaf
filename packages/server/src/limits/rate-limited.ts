import { AppError } from "../ground/errors";

/** A refusal that says when to come back. */
export function rateLimited(waitSeconds: number, limit: string): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitSeconds));
  return new AppError(
    "RATE_LIMITED",
    { limit, retryAfterSeconds },
    `Too many requests. Try again in ${retryAfterSeconds === 1 ? "a second" : `${retryAfterSeconds} seconds`}.`,
  );
}
