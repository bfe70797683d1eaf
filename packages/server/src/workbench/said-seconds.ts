import type { Input } from "mediabunny";

/** Of a month and more nobody makes one clip, but a broken number says it soon. */
export const longestSeconds = 40 * 24 * 60 * 60;
/** How containers write that they do not know it. */
const allOnes = 0xffff_ffff;

/**
 * When the last track of a clip ends, by what its container says.
 * @returns null where it does not say it, or says what cannot be
 * @throws what the library throws
 */
export async function saidSeconds(input: Input): Promise<number | null> {
  const ends: number[] = [];
  for (const track of await input.getTracks()) {
    const end = await track.getDurationFromMetadata();
    if (end === null) continue;
    const start = await track.getFirstTimestamp();
    const units = Math.round((end - start) * (await track.getTimeResolution()));
    if (units === allOnes || !(end <= longestSeconds)) return null;
    ends.push(end);
  }
  return ends.length > 0 ? Math.max(...ends) : null;
}
