import { limits } from "@fermata/contract";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { sign, verifySignature } from "../../ground/secrets";

/** A URL is the same for this long, so that caches hit; it works for one to two windows. */
const windowSeconds = 3600;

export interface FileLink {
  storageId: string;
  /** Whose right to the file is checked when it is asked for. */
  viewerId: string;
  filename?: string;
  /** Scaled down to this width. Not signed: whoever may see the image may see it smaller. */
  width?: number;
}

/** An absolute URL for an `<img>` or a download: no header, no cookie. The route checks the viewer's right. */
export function fileUrl(
  ctx: Pick<Services, "config" | "clock"> & { origin: string },
  { storageId, viewerId, filename = "", width }: FileLink,
): string {
  const window = Math.floor(ctx.clock.now().getTime() / 1000 / windowSeconds);
  const expires = String((window + 2) * windowSeconds);
  const url = new URL(
    `${ctx.config.basePath}/files/${storageId}`,
    ctx.config.filesOrigin ?? ctx.origin,
  );
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
 * @param query what follows the question mark
 * @returns the link that a URL of ours carries, or null when it is forged or past its time
 * @throws AppError INVALID_INPUT for a width that is not on the list
 */
export function readFileUrl(
  { config, clock }: Pick<Services, "config" | "clock">,
  storageId: string,
  query: string,
): FileLink | null {
  const links = genuineLinks.get(config) ?? new Map<string, GenuineLink>();
  genuineLinks.set(config, links);
  const name = `${storageId}?${query}`;
  let genuine = links.get(name);
  if (!genuine) {
    const read = readGenuine(config.urlSecret, storageId, new URLSearchParams(query));
    if (!read) return null;
    genuine = read;
    if (links.size >= linksKept) links.clear();
    if (name.length <= nameKept) links.set(name, genuine);
  }
  return genuine.expiresAt > clock.now().getTime() ? genuine.link : null;
}

interface GenuineLink {
  link: FileLink;
  expiresAt: number;
}

/** URLs whose signatures were found to be ours: what one says never changes, and it is asked for again and again. */
const genuineLinks = new WeakMap<Services["config"], Map<string, GenuineLink>>();
const linksKept = 10_000;
/** Anybody may lengthen a URL of ours by what is not signed. */
const nameKept = 1000;

function readGenuine(
  secret: string,
  storageId: string,
  query: URLSearchParams,
): GenuineLink | null {
  const viewerId = query.get("viewer") ?? "";
  const filename = query.get("filename") ?? "";
  const expires = query.get("expires") ?? "";
  const signature = query.get("signature") ?? "";
  if (!verifySignature(signature, secret, "file", storageId, viewerId, filename, expires)) {
    return null;
  }
  const width = readWidth(query.get("w"));
  const link = { storageId, viewerId, ...(filename && { filename }), ...(width && { width }) };
  return { link, expiresAt: Number(expires) * 1000 };
}

function readWidth(text: string | null): number | null {
  if (text === null) return null;
  const allowed = limits.files.imageWidths;
  const width = allowed.find((one) => String(one) === text);
  if (!width) throw new AppError("INVALID_INPUT", { parameter: "w", allowed });
  return width;
}
