import { AppError } from "../../../ground/errors";
import { isCode } from "./is-code";

/** What a system says of a disk that is full, broken, read-only, shut, or not there. */
const unusable = [
  "ENOSPC",
  "EDQUOT",
  "EIO",
  "EROFS",
  "EMFILE",
  "ENFILE",
  "EACCES",
  "EPERM",
  "ENOTDIR",
  "ENOENT",
];

/** Says of a disk that is full or broken what is said of any store that cannot be reached. */
export async function heard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCode(error, ...unusable)) {
      const details = { service: "object store", reason: (error as NodeJS.ErrnoException).code };
      throw new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause: error });
    }
    throw error;
  }
}
