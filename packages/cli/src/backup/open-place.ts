import type { DataContext } from "../command";
import { UsageError } from "../terminal";
import type { BackupPlace } from "./place";

/** @param place a folder, or `s3://bucket/prefix` @throws UsageError */
export async function placeOf({ env }: DataContext, place: unknown): Promise<BackupPlace> {
  if (typeof place !== "string" || !place)
    throw new UsageError("Which place? Name a folder, or s3://bucket/folder.");
  if (/^s3:\/\//i.test(place)) {
    const { createS3Place } = await import("./s3-place");
    return createS3Place(place, env);
  }
  const { createFolderPlace } = await import("./folder-place");
  return createFolderPlace(place);
}
