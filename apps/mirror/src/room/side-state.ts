import { type Crop, readCrop } from "../media/crop";
import { isSoundId, type SoundId } from "../piano/sounds";

/** What each side tells the other beside its notes. */
export interface SideState {
  camera: boolean;
  microphone: boolean;
  /** What its keys sound like, on both sides. */
  sound: SoundId;
  crop: Crop;
  /** Whether it records both. */
  recording: boolean;
}

export function encodeSideState(state: SideState): string {
  return JSON.stringify(state);
}

/** @returns null for whatever is no such word */
export function decodeSideState(data: unknown): SideState | null {
  if (typeof data !== "string") return null;
  try {
    const { camera, microphone, sound, crop, recording } = JSON.parse(data) as Record<
      string,
      unknown
    >;
    if (typeof camera !== "boolean" || typeof microphone !== "boolean") return null;
    if (!isSoundId(sound)) return null;
    // Pages of the release before do not record.
    return { camera, microphone, sound, crop: readCrop(crop), recording: recording === true };
  } catch {
    return null;
  }
}
