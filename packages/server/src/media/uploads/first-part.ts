import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestContext, UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { signPartsOf } from "../verbs/sign-parts";

/** Another process may open the upload: so often it is looked for, after pauses that double, for 6 seconds. */
const firstPauseMs = 50;
const maxLooks = 7;

/** First parts that wait in this process for their URL, by the id that their row will have. */
const waiting = new Map<string, (url: string) => void>();

/** The id of the row that a user's call with this `opening` makes: so whoever brings its first part finds it, and nobody else. */
export function openedId(userId: string, opening: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([userId, opening]))
    .digest();
  return digest.subarray(0, 16).toString("base64url");
}

/** @param url of the first part, as whoever opened it is given it: what was cut on one way goes on by the other */
export function tellOpened(id: string, url: string): void {
  waiting.get(id)?.(url);
}

/**
 * `POST /api/media/part`: where the first part belongs of an upload that its sender opens at the same time. Nothing is read of
 * it before there is a place for it.
 * @param query with the `opening` that the call which opens it is given
 * @param isWanted whether its sender is there still, as far as that is noticed of a body that nobody reads
 * @returns the URL by which it would be sent, had its sender waited for it
 * @throws AppError UNAUTHENTICATED, INVALID_INPUT, NOT_FOUND where no upload is opened by that name
 */
export async function urlOfFirstPart(
  ctx: RequestContext,
  query: string,
  isWanted: () => boolean,
): Promise<string> {
  if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED");
  const opening = new URLSearchParams(query).get("opening");
  if (!opening) throw new AppError("INVALID_INPUT", { reason: "`opening` is missing" });
  const id = openedId(ctx.identity.userId, opening);
  const told = new Promise<string>((resolve) => waiting.set(id, resolve));
  try {
    for (let looks = 0; looks < maxLooks && isWanted(); looks++) {
      const url = await Promise.race([told, sleep(firstPauseMs * 2 ** looks, null)]);
      if (url) return url;
      const media = await ctx.db.media.findUnique({ where: { id } });
      if (!media?.uploadId) continue;
      const [signed] = await signPartsOf(ctx as UserContext, media, [{ partNumber: 1 }]);
      if (signed) return signed.url;
    }
  } finally {
    waiting.delete(id);
  }
  throw new AppError("NOT_FOUND", { reason: "no upload is opened by this name" });
}
