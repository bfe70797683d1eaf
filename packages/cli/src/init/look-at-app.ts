import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findApp } from "../app/load-app";
import { CommandError } from "../terminal";

export type SignIn = "better-auth" | "next-auth" | "next-auth-4" | "clerk" | "unknown";

/** What `init` goes by. Paths are relative to the app. */
export interface HostApp {
  /** The file that makes the server, where there is one already. */
  fermata: string | null;
  /** Where sources are: `src` or the app itself. */
  sources: "src" | ".";
  /** Next's folder of routes; null without Next or an app router. */
  routes: string | null;
  signIn: SignIn;
  /** The file that makes the app's sign-in, as an import of `fermata.ts` names it. */
  auth: string | null;
  prisma: { schema: string; config: string | null; client: string | null } | null;
  nextConfig: string | null;
  hasInngest: boolean;
}

const authPlaces = ["lib/auth", "auth", "server/auth", "utils/auth", "lib/auth-options"];

/** @throws CommandError where there is no app */
export function lookAtApp(cwd: string): HostApp {
  const manifest = readManifest(cwd);
  const { dependencies, devDependencies } = manifest;
  const has: Record<string, string> = { ...dependencies, ...devDependencies };
  const exists = (path: string) => existsSync(join(cwd, path));
  const sources = exists("src") ? "src" : ".";
  const inSources = (path: string) => (sources === "." ? path : `${sources}/${path}`);
  const routes = ["src/app", "app"].find(exists) ?? null;
  const found = findApp(cwd);
  const auth = authPlaces.find((place) => exists(inSources(`${place}.ts`)));
  return {
    fermata: found ? found.slice(cwd.length + 1) : null,
    sources,
    routes: has.next ? (routes ?? inSources("app")) : null,
    signIn: signInOf(has),
    auth: auth ? `./${auth}` : null,
    prisma: has.prisma || has["@prisma/client"] ? prismaOf(cwd, inSources) : null,
    nextConfig: ["next.config.ts", "next.config.mjs", "next.config.js"].find(exists) ?? null,
    hasInngest: Boolean(has.inngest),
  };
}

function readManifest(cwd: string): Record<string, Record<string, string>> {
  try {
    return JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
  } catch {
    throw new CommandError("There is no package.json here. Run this in your app's folder.", 2);
  }
}

function signInOf(has: Record<string, string>): SignIn {
  if (has["better-auth"]) return "better-auth";
  if (has["@clerk/nextjs"]) return "clerk";
  const nextAuth = has["next-auth"];
  if (!nextAuth) return "unknown";
  return /^\D*4(\.|$)/.test(nextAuth) ? "next-auth-4" : "next-auth";
}

function prismaOf(cwd: string, inSources: (path: string) => string): HostApp["prisma"] {
  const schema = "prisma/schema.prisma";
  if (!existsSync(join(cwd, schema))) return null;
  const config = ["prisma.config.ts", "prisma.config.mts"].find((path) =>
    existsSync(join(cwd, path)),
  );
  const clients = ["lib/prisma", "lib/db", "db", "prisma", "server/db"];
  const client = clients.find((place) => existsSync(join(cwd, inSources(`${place}.ts`))));
  return { schema, config: config ?? null, client: client ? `./${client}` : null };
}

/** Whether a folder has anything in it, hidden files aside. */
export function isEmptyFolder(path: string): boolean {
  return !existsSync(path) || readdirSync(path).every((name) => name.startsWith("."));
}
