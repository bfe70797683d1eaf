import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";

/** Before the name of an attempt in a row's `fingerprint`: no file is known by it. */
export const attemptPrefix = "attempt:";

/** What became of an upload that its sender began before under this name, where its answer was lost. */
export async function findAttempt(ctx: UserContext, attempt: string): Promise<MediaModel | null> {
  return ctx.db.media.findFirst({
    where: {
      userId: ctx.identity.userId,
      fingerprint: `${attemptPrefix}${attempt}`,
      status: { in: ["ready", "pending"] },
    },
    orderBy: { createdAt: "desc" },
  });
}
