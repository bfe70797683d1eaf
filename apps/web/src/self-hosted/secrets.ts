import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const schema = z.object({
  FERMATA_SECRET: z.string().min(32),
  NEXTAUTH_SECRET: z.string().min(32),
  INNGEST_SIGNING_KEY: z.string(),
});

export type Secrets = z.infer<typeof schema>;

/** Reads the secrets of this installation, made at its first start and kept beside its data, for the owner's eyes only. */
export async function readSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, "secrets.json");
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      throw new Error(`${path} cannot be read. Restore it, or delete it to sign everybody out.`, {
        cause: error,
      });
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
