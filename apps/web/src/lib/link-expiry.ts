import { formatClock } from "./dates";

/** When a signed link ends, as it says itself: ours in Unix seconds, S3's as a date and a span. Null for one that does not end. */
function linkExpiry(url: string): Date | null {
  const { searchParams } = new URL(url);
  const ours = Number(searchParams.get("expires"));
  if (ours > 0) return new Date(ours * 1000);
  const seconds = Number(searchParams.get("X-Amz-Expires"));
  const date = searchParams
    .get("X-Amz-Date")
    ?.replace(/^(\d{4})(\d{2})(\d{2}T\d{2})(\d{2})(\d{2}Z)$/, "$1-$2-$3:$4:$5");
  const from = date ? Date.parse(date) : Number.NaN;
  return seconds > 0 && !Number.isNaN(from) ? new Date(from + seconds * 1000) : null;
}

/** ` It works until 16:00.`, to follow another sentence; empty for a link that does not end. */
export function untilSentence(url: string): string {
  const expiry = linkExpiry(url);
  return expiry ? ` It works until ${formatClock(expiry)}.` : "";
}
