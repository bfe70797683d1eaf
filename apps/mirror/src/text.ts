/**
 * A name on one line, at most `maxChars` UTF-16 units long. Servers refuse control characters and halves of
 * characters, and what turns the writing round makes a file's name look like another.
 */
export function cleanName(text: string, maxChars: number): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]+/gu, " ").trim();
  // The cut may leave half of a character at the end.
  return line
    .slice(0, maxChars)
    .replace(/\p{Cs}/gu, "")
    .trim();
}

/** The first name, to speak of somebody. */
export function firstName(displayName: string): string {
  return displayName.trim().split(/\s+/)[0] ?? "";
}

/** `Ines, Boris and Cleo`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** `Ines’s`, `Boris’s`. */
export function possessive(name: string): string {
  return `${name}’s`;
}

/** As the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** `IO` for Ines Okafor. */
export function initials(displayName: string): string {
  const words = displayName.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map(
    (word) => [...(word ?? "")][0],
  );
  return letters.join("").toLocaleUpperCase();
}

/** `24:10`, `1:02:03`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${two(minutes)}:${two(seconds % 60)}`;
}

/** `0:07`: a short time that is running. */
export function shortClock(milliseconds: number): string {
  return clock(milliseconds).replace(/^0(\d:)/, "$1");
}

/** `1.2 of 1.9 MB`, `340 of 480 KB`. */
export function sentOf(sentBytes: number, totalBytes: number): string {
  const isLarge = totalBytes >= 1e6;
  const show = (bytes: number) => (isLarge ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e3));
  return `${show(sentBytes)} of ${show(totalBytes)} ${isLarge ? "MB" : "KB"}`;
}

/** `18:30` today, with the day otherwise. */
export function untilText(iso: string, now: Date): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === now.toDateString()) return time;
  return `${date.toLocaleDateString(undefined, { weekday: "short" })} ${time}`;
}
