import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../../apps/web/dist/cli.js", import.meta.url));

export interface FermataRun {
  code: number | null;
  output: string;
}

/** `npm run fermata -- …`, without the npm. */
export async function runFermata(
  args: string[],
  env: Record<string, string>,
  whileRunning: (child: ChildProcess) => void = () => {},
): Promise<FermataRun> {
  const { DATABASE_URL, BASE_URL, ...inherited } = process.env;
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...inherited, ...env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  whileRunning(child);
  const [code] = await once(child, "close");
  return { code, output };
}
