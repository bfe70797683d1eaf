import { limits } from "@fermata/contract";
import type { RequestContext } from "../../context";

type Ctx = Pick<RequestContext, "objects" | "config" | "origin">;

export interface DirectRoute {
  url: string;
  maxBytes: number;
}

/**
 * Where this server takes whole files itself: `direct` where it keeps them, `passOn` where it passes them on to a store
 * elsewhere, as far as the host before it lets them through.
 */
export function directRoute(ctx: Ctx): { direct?: DirectRoute; passOn?: DirectRoute } {
  const maxBytes = directBytes(ctx);
  if (maxBytes === 0) return {};
  const url = new URL(`${ctx.config.basePath}/media/upload`, ctx.origin).toString();
  return ctx.objects.isServedHere ? { direct: { url, maxBytes } } : { passOn: { url, maxBytes } };
}

/** How much it takes so; 0 where everything goes straight to the store. */
export function directBytes({ objects, config }: Omit<Ctx, "origin">): number {
  if (objects.isServedHere) return limits.storage.directBytes;
  const { passOnBytes = limits.storage.passOnBytes, maxBodyBytes } = config;
  return Math.min(passOnBytes, limits.storage.passOnBytes, maxBodyBytes ?? passOnBytes);
}
