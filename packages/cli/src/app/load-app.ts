import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseEnv } from "node:util";
import type { Operator } from "@fermata/server";
import { createJiti } from "jiti";
import type { Option } from "../command";
import { CommandError } from "../terminal";

/** Where `fermata init` writes it, and where people put it. */
const usualPlaces = [
  "src/fermata",
  "fermata",
  "src/lib/fermata",
  "lib/fermata",
  "src/server/fermata",
];
const endings = [".ts", ".mts", ".js", ".mjs"];

export const appOption: Option = ["--app <file>", "the file that calls createFermataServer"];

/** What is used of what `createFermataServer` makes, whichever version the app has. */
export interface App {
  migrate(): Promise<{ applied: string[] }>;
  check(): Promise<Finding[]>;
  close(): Promise<void>;
  /** Earlier versions have none. */
  operator?: Operator;
}

/** @throws CommandError */
export function operatorOf({ operator }: App): Operator {
  if (operator) return operator;
  throw new CommandError(
    "This needs a newer @fermata/server: npm install @fermata/server@latest",
    2,
  );
}

export interface Finding {
  name: string;
  ok: boolean;
  /** What to do, where it is not. */
  remedy?: string;
  /** What is worth knowing all the same. */
  notice?: string;
}

/** @throws CommandError */
export async function withApp<T>(
  cwd: string,
  given: unknown,
  work: (app: App) => Promise<T>,
): Promise<T> {
  const app = await loadApp(cwd, typeof given === "string" ? given : undefined);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/**
 * The app's own server, from the file that makes it, with the environment that Next would give it.
 * @throws CommandError
 */
export async function loadApp(cwd: string, given: string | undefined): Promise<App> {
  const path = given ? resolve(cwd, given) : findApp(cwd);
  if (!path || !existsSync(path)) {
    const where = given ?? usualPlaces.map((place) => `${place}.ts`).join(", ");
    throw new CommandError(
      `There is no ${where}. Name the file that calls createFermataServer with --app, or run \`fermata init\`.`,
      2,
    );
  }
  readEnvFiles(cwd);
  const jiti = createJiti(pathToFileURL(join(cwd, "fermata-cli.js")).href, {
    alias: { ...aliasesOf(cwd), "server-only": "node:process" },
    jsx: true,
    moduleCache: false,
  });
  let loaded: Record<string, unknown>;
  try {
    loaded = await jiti.import(path);
  } catch (error) {
    throw new CommandError(
      `${path} cannot be loaded: ${error instanceof Error ? error.message : error}`,
    );
  }
  const app = [loaded.fermata, loaded.default, ...Object.values(loaded)].find(isServer);
  if (app) return app;
  throw new CommandError(`${path} exports nothing that createFermataServer made.`, 2);
}

export function findApp(cwd: string): string | undefined {
  return usualPlaces
    .flatMap((place) => endings.map((ending) => join(cwd, place + ending)))
    .find((path) => existsSync(path));
}

function isServer(value: unknown): value is App {
  const { handler, migrate, check } = (value ?? {}) as Record<string, unknown>;
  return [handler, migrate, check].every((verb) => typeof verb === "function");
}

/** As Next reads them: what the process has wins, then the nearer file. */
function readEnvFiles(cwd: string): void {
  const mode = process.env.NODE_ENV ?? "development";
  for (const name of [`.env.${mode}.local`, ".env.local", `.env.${mode}`, ".env"]) {
    const path = join(cwd, name);
    if (!existsSync(path)) continue;
    for (const [key, value] of Object.entries(parseEnv(readFileSync(path, "utf8"))))
      process.env[key] ??= value;
  }
}

/** `"@/*": ["./src/*"]` of the app's tsconfig. */
function aliasesOf(cwd: string): Record<string, string> {
  const path = join(cwd, "tsconfig.json");
  if (!existsSync(path)) return {};
  const found = /"([^"\s]+)\/\*"\s*:\s*\[\s*"([^"]+)\/\*"/g;
  const text = readFileSync(path, "utf8");
  return Object.fromEntries(
    [...text.matchAll(found)].map(([, alias = "", target = ""]) => [alias, resolve(cwd, target)]),
  );
}
