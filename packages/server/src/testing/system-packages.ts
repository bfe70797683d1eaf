import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const packageOf = { turnserver: "coturn", turnutils_uclient: "coturn" } as const;

/**
 * Finds programs that the system's package manager installs and npm does not.
 * @returns null when one is missing; the message says how to get it. In CI a missing one is a failure, never a skip.
 */
export function requireSystem(...programs: (keyof typeof packageOf)[]): string[] | null {
  const found = programs.map((program) => findProgram(program));
  const missing = programs.filter((_, index) => !found[index]);
  const paths = found.filter((path) => path !== null);
  if (missing.length === 0) return paths;
  const packages = [...new Set(missing.map((program) => packageOf[program]))].join(" ");
  const message = `${missing.join(", ")} not found: apt-get install ${packages} (macOS: brew install ${packages})`;
  if (process.env.CI) throw new Error(message);
  process.stderr.write(`skipped: ${message}\n`);
  return null;
}

function findProgram(program: string): string | null {
  for (const directory of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(directory, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // In another directory, perhaps.
    }
  }
  return null;
}
