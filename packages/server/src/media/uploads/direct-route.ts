import { limits } from "@fermata/contract";
import type { RequestContext } from "../../context";

/** Where this server takes whole files itself; nothing where a store elsewhere does. */
export function directRoute(ctx: Pick<RequestContext, "objects" | "config" | "origin">): {
  direct?: { url: string; maxBytes: number };
} {
  if (!ctx.objects.isServedHere) return {};
  const url = new URL(`${ctx.config.basePath}/media/upload`, ctx.origin).toString();
  return { direct: { url, maxBytes: limits.storage.directBytes } };
}
