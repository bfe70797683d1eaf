import type { KeptBytes } from "../keepsakes/keepsakes";
import { takeLeftovers } from "./shelf";

/** What pages left behind that are gone: each recording's film and notes. */
export async function findLeftovers(): Promise<(KeptBytes & { message: string })[]> {
  const found = await takeLeftovers();
  return found.flatMap(({ record, film, remove }) => {
    const { title, filename, notes, startedAt } = record;
    const files = [
      ...(notes
        ? [{ title: title.replace("Recording", "Notes"), bytes: notes, ending: "mid" }]
        : []),
      ...(film.size > 0 ? [{ title, bytes: film, ending: endingOf(film.type) }] : []),
    ];
    if (files.length === 0) remove();
    const onSafe = files.length === 2 ? afterBoth(remove) : remove;
    const message = `From ${formatTime(startedAt)}, left behind`;
    return files.map(({ ending, ...file }) => ({
      ...file,
      filename: `${filename}.${ending}`,
      message,
      onSafe,
    }));
  });
}

function formatTime(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
}

export function endingOf(filmType: string): string {
  return filmType === "video/mp4" ? "mp4" : "webm";
}

/** Film and notes lie on the shelf as one: it is cleared when both are safe. */
export function afterBoth(act: () => void): () => void {
  let left = 2;
  return () => {
    left--;
    if (left === 0) act();
  };
}
