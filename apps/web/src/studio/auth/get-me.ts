import type { auth } from "@fermata/contract";
import { fileUrl } from "@fermata/server/internal";
import type { z } from "zod";
import type { RequestContext } from "../context";

export function getMe(ctx: RequestContext): z.input<typeof auth.me.output> {
  if (ctx.identity?.kind !== "user") return null;
  const { userId, email, name, role, avatarId } = ctx.identity;
  const avatarUrl = avatarId && fileUrl(ctx, { storageId: avatarId, viewerId: userId });
  return { user: { id: userId, email, name, role, avatarUrl } };
}
