/** A key never holds other bytes, but what it holds can be deleted: so long others' copies outlive it. */
export const publicCacheControl = "public, max-age=3600, immutable";

/** A browser's own copy, which it may show again without asking; everywhere else its URL ends at once. */
export const pictureCacheControl = "private, max-age=300";

/** Of what is private: pictures come back on each view, the rest is asked for anew. */
export function privateCacheControl(contentType: string): string {
  return contentType.startsWith("image/") ? pictureCacheControl : "private, no-cache";
}
