import { createHash } from "node:crypto";

type Source = Record<string, string | undefined>;

const longestName = 40;

/**
 * Gives a preview on Vercel a schema of the database and a folder of the buckets of its own, by its branch: it shares
 * neither rows nor bytes with production, nor with another preview.
 */
export function forPreview(source: Source): Source {
  const { VERCEL_ENV, VERCEL_GIT_COMMIT_REF: branch, DATABASE_URL } = source;
  if (VERCEL_ENV !== "preview" || !branch || !DATABASE_URL) return source;
  const name = nameOf(branch);
  const inSchema = (url: string) => {
    // What is no address is refused by its name, later.
    if (!URL.canParse(url)) return url;
    const found = new URL(url);
    found.searchParams.set("schema", name.replaceAll("-", "_"));
    return found.toString();
  };
  const { DATABASE_DIRECT_URL: direct, S3_KEY_PREFIX: prefix = "" } = source;
  return {
    ...source,
    DATABASE_URL: inSchema(DATABASE_URL),
    ...(direct && { DATABASE_DIRECT_URL: inSchema(direct) }),
    S3_KEY_PREFIX: `${prefix}${name}/`,
  };
}

/** Of letters that a schema and a key take; the hash keeps branches apart that would be called alike. */
function nameOf(branch: string): string {
  const words = branch.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const hash = createHash("sha256").update(branch).digest("hex").slice(0, 8);
  return `preview-${words.slice(0, longestName).replace(/^-|-$/g, "")}-${hash}`;
}
