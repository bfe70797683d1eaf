import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A fresh folder for servers' data. Started by root, PostgreSQL runs as somebody else, who must be able to
 * pass through; the cluster then stays inside, and deleting the folder deletes it.
 */
export async function makeDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-e2e-"));
  await chmod(dir, 0o711);
  return dir;
}
