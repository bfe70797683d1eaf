import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const chromium = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const { BENCH_NETNS: name, BENCH_SERVERS: servers = "" } = process.env;

/**
 * Where the line is the kernel's own TCP between two network namespaces, which whoever runs the bench has made: the servers in
 * the one that it runs in, listening on every address (`HOST=0.0.0.0`), the browser in `BENCH_NETNS`, which reaches them as
 * `BENCH_SERVERS`. Null where a bench is to shape its lines itself.
 */
export const namespace = name === undefined ? null : { name, servers };

/** What starts Chromium there, and makes 127.0.0.1 the servers' address for it. */
export async function chromiumIn(there: NonNullable<typeof namespace>) {
  const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  const executablePath = join(dir, "chromium");
  await writeFile(executablePath, `#!/bin/sh\nexec ip netns exec ${there.name} ${chromium} "$@"\n`);
  await chmod(executablePath, 0o755);
  return {
    executablePath,
    args: [`--host-resolver-rules=MAP 127.0.0.1 ${there.servers}`],
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
