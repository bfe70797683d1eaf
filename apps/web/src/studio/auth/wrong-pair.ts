import { AppError, Prisma } from "@fermata/server/internal";

/** The same for a wrong password and for an address that has no account. */
export function wrongPair(): AppError {
  return new AppError("UNAUTHENTICATED", undefined, "The e-mail address or the password is wrong.");
}

/**
 * What is written of an account whose password was right a moment ago.
 * @throws AppError UNAUTHENTICATED where it was removed meanwhile
 */
export async function unlessRemoved<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
    throw isGone ? wrongPair() : error;
  }
}
