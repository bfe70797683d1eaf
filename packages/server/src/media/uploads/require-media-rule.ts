import type { UserContext } from "../../context";
import { type GrantRule, requireRule } from "../../uploads/require-rule";

/** The app's rule for an upload of media, where it names one. @throws AppError as `requireRule` does */
export async function requireMediaRule(
  ctx: UserContext,
  {
    as,
    input,
    filename,
    contentType,
    sizeBytes = null,
  }: {
    as?: string | undefined;
    input?: unknown;
    filename: string;
    contentType: string;
    sizeBytes?: number | null | undefined;
  },
): Promise<GrantRule | null> {
  if (as === undefined) return null;
  return requireRule(ctx, { kind: "media", as, input }, { filename, contentType, sizeBytes });
}
