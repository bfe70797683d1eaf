import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Terminal, UsageError } from "../terminal";
import { lookAtApp } from "./look-at-app";
import { planFor } from "./plan";
import { showChange } from "./show-change";

export interface InitOptions {
  yes?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** `fermata init` */
export async function init(terminal: Terminal, options: InitOptions): Promise<void> {
  const { cwd, print } = terminal;
  const app = lookAtApp(cwd);
  const { changes, byHand } = planFor(cwd, app);
  const say = options.json ? () => {} : print;
  for (const change of changes) say(`${withoutSecrets(showChange(change))}\n`);
  const written = changes.length > 0 && !options.dryRun && (await isWanted(terminal, options));
  if (written) {
    for (const { path, before, after } of changes) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      // A file that has come since it was looked at is somebody's.
      writeFileSync(join(cwd, path), after, { flag: before === null ? "wx" : "w" });
    }
  }
  for (const text of byHand) say(`By hand: ${text}`);
  if (options.json) {
    const files = changes.map(({ path, before }) => ({ path, isNew: before === null }));
    print(JSON.stringify({ written, files, byHand, signIn: app.signIn }));
    return;
  }
  if (changes.length === 0) print("Fermata is in this app already: there is nothing to write.");
  else if (written) print(nextSteps(app.prisma !== null));
}

async function isWanted({ ask }: Terminal, { yes }: InitOptions): Promise<boolean> {
  if (yes) return true;
  if (!ask) throw new UsageError("Nobody can answer here: say --yes, or --dry-run to look.");
  return /^y(es)?$/i.test((await ask("Write this? [y/N] ")).trim());
}

/** Terminals are recorded. */
function withoutSecrets(text: string): string {
  return text.replace(/^([ +-] [A-Z_]*(?:SECRET|PASSWORD|KEY|TOKEN|URL)[A-Z_]*=).*$/gm, "$1…");
}

function nextSteps(hasPrisma: boolean): string {
  return [
    "Written. Then:",
    "  npm install @fermata/server @fermata/api",
    "  npx fermata migrate",
    ...(hasPrisma ? ["  npx prisma migrate dev"] : []),
    "  npx fermata doctor",
  ].join("\n");
}
