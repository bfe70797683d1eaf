import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";

/** What became of an upload that its sender began before under this name, where its answer was lost. */
export async function findAttempt(ctx: UserContext, attempt: string): Promise<MediaModel | null> {
  return ctx.db.media.findFirst({
    where: {
      userId: ctx.identity.userId,
      fingerprint: attempt,
      status: { in: ["ready", "pending"] },
    },
    orderBy: { createdAt: "desc" },
  });
}
