import { handOverFiles } from "../files/rows/files-of-user";
import type { Transaction } from "../ground/transaction";
import { handOverImports } from "../imports/imports-of-user";
import { handOverMedia } from "../media/rows/media-of-user";
import { handOverRooms } from "../rooms/seats/rooms-of-user";

/**
 * Makes a user's ready files and media, open rooms and the books of imports another's, in a transaction of the caller's.
 * What is not ready stays. The new owner's quota is not asked.
 * @param except files that stay, such as an avatar
 */
export async function handOverUserRows(
  tx: Transaction,
  change: { from: string; to: string; except: string[]; now: Date },
): Promise<void> {
  await handOverFiles(tx, change);
  await handOverMedia(tx, change);
  await handOverImports(tx, change);
  await handOverRooms(tx, change);
}
