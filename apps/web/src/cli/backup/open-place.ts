import type { BackupPlace } from "./place";

/** @param place a folder, or `s3://bucket/prefix` */
export async function openPlace(
  place: string,
  env: Record<string, string | undefined>,
): Promise<BackupPlace> {
  if (/^s3:\/\//i.test(place)) {
    const { createS3Place } = await import("./s3-place");
    return createS3Place(place, env);
  }
  const { createFolderPlace } = await import("./folder-place");
  return createFolderPlace(place);
}
