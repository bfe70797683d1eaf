import { limits } from "@fermata/contract";
import type { RequestContext } from "../../context";

type Ctx = Pick<RequestContext, "objects" | "config" | "origin">;

export interface DirectRoute {
  url: string;
  maxBytes: number;
}

/**
 * Where this server takes whole files itself: `direct` where it keeps them, `passOn` where it passes them on to a store
 * elsewhere, as far as the host before it lets them through. Where it keeps them, `firstPart` takes the first part of larger
 * ones while they are opened.
 */
export function directRoute(ctx: Ctx): {
  direct?: DirectRoute;
  passOn?: DirectRoute;
  firstPart?: DirectRoute;
} {
  const maxBytes = directBytes(ctx);
  if (maxBytes === 0) return {};
  const to = (name: string, maxBytes: number) => ({
    url: new URL(`${ctx.config.basePath}/media/${name}`, ctx.origin).toString(),
    maxBytes,
  });
  const whole = to("upload", maxBytes);
  if (!ctx.objects.isServedHere) return { passOn: whole };
  return { direct: whole, firstPart: to("part", limits.storage.firstPartBytes) };
}

/** How much it takes so; 0 where everything goes straight to the store. */
export function directBytes({ objects, config }: Omit<Ctx, "origin">): number {
  if (objects.isServedHere) return limits.storage.directBytes;
  const { passOnBytes = limits.storage.passOnBytes, maxBodyBytes } = config;
  return Math.min(passOnBytes, limits.storage.passOnBytes, maxBodyBytes ?? passOnBytes);
}
