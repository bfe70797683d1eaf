import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { storage } from "@fermata/contract";
import type { RequestContext, UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { signPartsOf } from "../verbs/sign-parts";

/** Another process may open the upload: so often it is looked for, after pauses that double, for 6 seconds. */
const firstPauseMs = 50;
const maxLooks = 7;

/** A first part that waits in this process for its URL. */
interface Waiter {
  userId: string;
  /** That its row will have. */
  id: string;
  tell(url: string): void;
}

/** Two of one id where a request came twice. */
const waiting = new Set<Waiter>();
/** Of one user: each waits for seconds, and asks the database meanwhile. Pages that send files open fewer uploads at a time. */
const maxWaiting = 16;

/** The id of the row that a user's call with this `opening` makes: so whoever brings its first part finds it, and nobody else. */
export function openedId(userId: string, opening: string): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([userId, opening]))
    .digest();
  return digest.subarray(0, 16).toString("base64url");
}

/** @param url of the first part, as whoever opened it is given it: what was cut on one way goes on by the other */
export function tellOpened(id: string, url: string): void {
  for (const one of waiting) if (one.id === id) one.tell(url);
}

interface AskedFirst {
  /** With the `opening` that the call which opens it is given. */
  query: string;
  /** What its head says of its length. */
  contentLength: string | null;
  /** Whether its sender is there still, as far as that is noticed of a body that nobody reads. */
  isWanted(): boolean;
}

/**
 * `POST /api/media/part`: where the first part belongs of an upload that its sender opens at the same time. Nothing is read of
 * it before there is a place for it.
 * @returns the URL by which it would be sent, had its sender waited for it
 * @throws AppError UNAUTHENTICATED, INVALID_INPUT, RATE_LIMITED, NOT_FOUND where no upload is opened by that name
 */
export async function urlOfFirstPart(
  ctx: RequestContext,
  { query, contentLength, isWanted }: AskedFirst,
): Promise<string> {
  if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED");
  const { userId } = ctx.identity;
  const opening = new URLSearchParams(query).get("opening");
  if (!opening) throw new AppError("INVALID_INPUT", { reason: "`opening` is missing" });
  // What no call can be given would be waited for in vain.
  if (!storage.createMultipartUpload.input.shape.opening.safeParse(opening).success)
    throw new AppError("INVALID_INPUT", { reason: "`opening` is none that an upload is given" });
  if (!(Number(contentLength) > 0))
    throw new AppError("INVALID_INPUT", { reason: "Content-Length is missing" });
  const id = openedId(userId, opening);
  return whileWaiting(userId, id, async (told) => {
    for (let looks = 0; looks < maxLooks && isWanted(); looks++) {
      const url = await Promise.race([told, sleep(firstPauseMs * 2 ** looks, null)]);
      if (url) return url;
      const media = await ctx.db.media.findUnique({ where: { id } });
      if (!media?.uploadId) continue;
      const [signed] = await signPartsOf(ctx as UserContext, media, [{ partNumber: 1 }]);
      if (signed) return signed.url;
    }
    throw new AppError("NOT_FOUND", { reason: "no upload is opened by this name" });
  });
}

async function whileWaiting(
  userId: string,
  id: string,
  work: (told: Promise<string>) => Promise<string>,
): Promise<string> {
  let own = 0;
  for (const one of waiting) if (one.userId === userId) own++;
  if (own >= maxWaiting) throw new AppError("RATE_LIMITED", { retryAfterSeconds: 1 });
  let waiter: Waiter | undefined;
  const told = new Promise<string>((tell) => {
    waiter = { userId, id, tell };
    waiting.add(waiter);
  });
  try {
    return await work(told);
  } finally {
    if (waiter) waiting.delete(waiter);
  }
}
