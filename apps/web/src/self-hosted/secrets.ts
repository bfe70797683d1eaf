import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "./explain-failed-start";

const schema = z.object({
  FERMATA_SECRET: z.string().min(32),
  NEXTAUTH_SECRET: z.string().min(32),
  INNGEST_SIGNING_KEY: z.string(),
});

export type Secrets = z.infer<typeof schema>;

function unreadable(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  // Not for this user, or not a file: deleting it would sign everybody out, and mend nothing.
  if (code) {
    const remedy =
      code === "EACCES" || code === "EPERM"
        ? "Start as the user that made it, or give it to this one with chown"
        : "Look at the disk";
    return new StartError(`${path} cannot be read (${code}). ${remedy}, and keep it.`, {
      cause: error,
    });
  }
  return new StartError(
    `${path} does not hold what was written there. Restore it from a backup; or delete it, which signs everybody out and ends every link to a file that was given out.`,
    { cause: error },
  );
}

/** Reads the secrets of this installation, made at its first start and kept beside its data, for the owner's eyes only. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, "secrets.json");
  try {
    const secrets = schema.parse(JSON.parse(await readFile(path, "utf8")));
    // A copy may have opened it to everybody.
    await chmod(path, 0o600).catch(() => {});
    return secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw unreadable(path, error);
    }
  }
  const secrets: Secrets = {
    FERMATA_SECRET: randomBytes(48).toString("base64url"),
    NEXTAUTH_SECRET: randomBytes(48).toString("base64url"),
    INNGEST_SIGNING_KEY: `signkey-embedded-${randomBytes(32).toString("hex")}`,
  };
  await mkdir(dataDir, { recursive: true });
  // Whole or not at all: a half-written file would lock the owner out after a crash.
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
  return secrets;
}
