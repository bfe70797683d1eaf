import { limits } from "@fermata/contract";
import type { Services } from "../context";
import { AppError } from "../errors";
import { sign, verifySignature } from "../secrets";

/** A URL is the same for this long, so that caches hit; it works for one to two windows. */
const windowSeconds = 3600;

export interface FileLink {
  storageId: string;
  /** Whose right to the file is checked on every request. */
  viewerId: string;
  filename?: string;
  /** Scaled down to this width. Not signed: whoever may see the image may see it smaller. */
  width?: number;
}

/** An absolute URL for an `<img>` or a download: no header, no cookie. The route checks the viewer's right each time. */
export function fileUrl(
  ctx: Pick<Services, "config" | "clock"> & { origin: string },
  { storageId, viewerId, filename = "", width }: FileLink,
): string {
  const window = Math.floor(ctx.clock.now().getTime() / 1000 / windowSeconds);
  const expires = String((window + 2) * windowSeconds);
  const url = new URL(`/api/files/${storageId}`, ctx.config.filesOrigin ?? ctx.origin);
  url.searchParams.set("viewer", viewerId);
  url.searchParams.set("expires", expires);
  if (filename) url.searchParams.set("filename", filename);
  url.searchParams.set(
    "signature",
    sign(ctx.config.urlSecret, "file", storageId, viewerId, filename, expires),
  );
  if (width) url.searchParams.set("w", String(width));
  return url.toString();
}

/**
 * @returns the link that a URL of ours carries, or null when it is forged or past its time
 * @throws AppError INVALID_INPUT for a width that is not on the list
 */
export function readFileUrl(
  ctx: Pick<Services, "config" | "clock">,
  storageId: string,
  query: URLSearchParams,
): FileLink | null {
  const viewerId = query.get("viewer") ?? "";
  const filename = query.get("filename") ?? "";
  const expires = query.get("expires") ?? "";
  const genuine = verifySignature(
    query.get("signature") ?? "",
    ctx.config.urlSecret,
    "file",
    storageId,
    viewerId,
    filename,
    expires,
  );
  if (!genuine || Number(expires) * 1000 <= ctx.clock.now().getTime()) return null;
  const width = readWidth(query.get("w"));
  return { storageId, viewerId, ...(filename && { filename }), ...(width && { width }) };
}

function readWidth(text: string | null): number | null {
  if (text === null) return null;
  const allowed = limits.files.imageWidths;
  const width = allowed.find((one) => String(one) === text);
  if (!width) throw new AppError("INVALID_INPUT", { parameter: "w", allowed });
  return width;
}
