/** What a piano here can sound like. */
export const soundIds = ["felt", "electric", "organ", "off"] as const;
export type SoundId = (typeof soundIds)[number];

export const soundNames: Record<SoundId, string> = {
  felt: "Felt piano",
  electric: "Electric piano",
  organ: "Organ",
  off: "No sound",
};

export function isSoundId(value: unknown): value is SoundId {
  return soundIds.some((id) => id === value);
}
