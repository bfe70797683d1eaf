import type { Services } from "../../context";
import { AppError } from "../../ground/errors";

/**
 * A file's bytes as a whole: at most what one upload may hold.
 * @throws AppError NOT_FOUND when they are gone
 */
export async function readObject(
  ctx: Pick<Services, "objects">,
  objectKey: string,
): Promise<Uint8Array> {
  const object = await ctx.objects.get("files", objectKey);
  if (!object) throw new AppError("NOT_FOUND");
  const chunks: Uint8Array[] = [];
  for await (const chunk of object.body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
