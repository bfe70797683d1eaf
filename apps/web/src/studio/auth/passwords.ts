import { availableParallelism } from "node:os";
import { AppError } from "@fermata/server/internal";
import { type Algorithm, hash, verify } from "@node-rs/argon2";

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const options = {
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** Hashing keeps a core busy: what exceeds the cores waits, and what would wait long is refused. */
const atOnce = Math.max(2, availableParallelism());
const mostWaiting = 200;

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize("NFKC"), options));
}

let decoy: Promise<string> | undefined;

/**
 * Whether this is the password, in whatever Unicode form it was typed.
 * Takes as long for an account without a password, or none at all, as for a wrong password.
 */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
): Promise<boolean> {
  decoy ??= hashPassword("no account has this password");
  const held = passwordHash ?? (await decoy);
  let genuine = false;
  // All forms, whichever fits: the time tells nothing.
  for (const form of formsOf(password)) {
    if (await inTurn(() => verify(held, form))) genuine = true;
  }
  return genuine && passwordHash != null;
}

/** As it is kept today, then as it may have been kept before it was kept so. Plain ASCII has one form. */
function formsOf(password: string): Set<string> {
  return new Set([
    password.normalize("NFKC"),
    password,
    password.normalize("NFC"),
    password.normalize("NFD"),
  ]);
}

let running = 0;
const waiting: (() => void)[] = [];

/** @throws AppError RATE_LIMITED when too many wait already */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting) throw new AppError("RATE_LIMITED", { retryAfterSeconds: 5 });
    // Whoever ends hands its place on: `running` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
