import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Operator } from "@fermata/server";
import { type App, operatorOf, withApp } from "../app/load-app";
import type { Flags } from "../command";
import { CommandError, type Terminal, UsageError } from "../terminal";

/** What there is beside the pages. */
interface ConsolePages {
  serveConsole(
    operator: Operator,
    options: { port: number },
  ): Promise<{ link: string; close(): Promise<void> }>;
}

const consolePackage = "@fermata/console";
const usualPort = 4983;

/** `fermata console` ends with the signal that stops it. */
export async function openConsole(terminal: Terminal, flags: Flags): Promise<void> {
  const { serveConsole } = await findPages(terminal, flags.pages);
  const port = Number(flags.port ?? usualPort);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError("--port is a number from 0 to 65535.");
  await withApp(terminal.cwd, flags.app, async (app) => {
    const { link, close } = await serveConsole(await requireMigrated(app), { port });
    terminal.print(flags.json ? JSON.stringify({ link }) : announceConsole(link));
    await untilStopped();
    await close();
  });
}

/**
 * The operator of an app whose tables are as its code needs them: the console changes none.
 * @throws CommandError
 */
export async function requireMigrated(app: App): Promise<Operator> {
  const findings = await app.check();
  for (const name of ["database", "migrations"]) {
    const finding = findings.find((one) => one.name === name);
    if (finding && !finding.ok) throw new CommandError(`${name}: ${finding.remedy}`);
  }
  return operatorOf(app);
}

export function announceConsole(link: string): string {
  return `\n  The console, for one browser of this machine:\n\n  ${link}\n\n  The link works once. Ctrl-C ends the console.\n`;
}

/** Those of the package, beside the app or beside this command; of a checkout of the repository where one is named. */
async function findPages({ cwd, env }: Terminal, given: unknown): Promise<ConsolePages> {
  const folder = typeof given === "string" ? given : env.FERMATA_REPOSITORY;
  const path = folder ? builtIn(resolve(cwd, folder)) : installedFor(cwd);
  return import(pathToFileURL(path).href);
}

function builtIn(repository: string): string {
  const path = join(repository, "apps/web/dist/console.js");
  if (existsSync(path)) return path;
  throw new UsageError(`${path} is not there: build Fermata in ${repository} (npm start does so).`);
}

function installedFor(cwd: string): string {
  for (const from of [join(cwd, "package.json"), import.meta.url]) {
    try {
      return createRequire(from).resolve(consolePackage);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new UsageError(
    `The console's pages are a package of their own: npm install --save-dev ${consolePackage}, then this again.`,
  );
}

function untilStopped(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop());
  });
}
