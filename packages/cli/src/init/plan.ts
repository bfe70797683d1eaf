import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fermataFile, routeFile } from "./fermata-file";
import { type HostApp, isEmptyFolder } from "./look-at-app";
import {
  configByHand,
  extendPrismaConfig,
  fermataPrisma,
  nameSchemas,
  newPrismaConfig,
} from "./prisma-files";

/** One file as it is, and as it is to be. */
export interface Change {
  path: string;
  /** Null for a new file. */
  before: string | null;
  after: string;
}

export interface Plan {
  changes: Change[];
  /** What nobody but its author should change. */
  byHand: string[];
}

/** What `init` writes into this app. What is there already, in its own words, is left alone. */
export function planFor(cwd: string, app: HostApp): Plan {
  const changes: Change[] = [];
  const byHand: string[] = [];
  const read = (path: string) =>
    existsSync(join(cwd, path)) ? readFileSync(join(cwd, path), "utf8") : null;
  const add = (path: string, after: string) => {
    if (read(path) === null) changes.push({ path, before: null, after });
  };
  const edit = (path: string, change: (text: string) => string | null, otherwise: string) => {
    const before = read(path) ?? "";
    const after = change(before);
    if (after === null) byHand.push(otherwise);
    else if (after !== before) changes.push({ path, before, after });
  };

  const fermata = app.fermata ?? posix.join(app.sources, "fermata.ts");
  if (!app.fermata) add(fermata, fermataFile(app));
  if (app.routes) {
    const folder = `${app.routes}/api/fermata/[...path]`;
    const toFermata = posix.relative(folder, fermata).replace(/\.m?[jt]s$/, "");
    if (isEmptyFolder(join(cwd, folder))) add(`${folder}/route.ts`, routeFile(toFermata));
    const lines = `  serverExternalPackages: ["@fermata/server"],\n`;
    if (app.nextConfig)
      edit(app.nextConfig, externalInNext, `In ${app.nextConfig}, beside the rest:\n${lines}`);
    else add("next.config.ts", `export default {\n${lines}};\n`);
  }
  if (app.prisma) {
    add("prisma/fermata.prisma", fermataPrisma);
    edit(app.prisma.schema, nameSchemas, "");
    if (app.prisma.config)
      edit(
        app.prisma.config,
        extendPrismaConfig,
        `In ${app.prisma.config}, beside the rest:\n${configByHand}`,
      );
    else add("prisma.config.ts", newPrismaConfig);
  }
  const env = read(".env");
  if (!/^FERMATA_SECRET=/m.test(env ?? "")) {
    const line = `FERMATA_SECRET=${randomBytes(36).toString("base64url")}\n`;
    const above = env === null || env === "" || env.endsWith("\n") ? (env ?? "") : `${env}\n`;
    changes.push({ path: ".env", before: env, after: above + line });
  }
  const ignored = read(".gitignore");
  if (!app.fermata && ignored !== null && !/^\/?\.fermata\b/m.test(ignored)) {
    const after = `${ignored}${ignored.endsWith("\n") ? "" : "\n"}.fermata/\n`;
    changes.push({ path: ".gitignore", before: ignored, after });
  }
  return { changes, byHand };
}

/** Its child process and its migrations are files beside its code, which a bundle would leave behind. */
function externalInNext(text: string): string | null {
  if (text.includes("@fermata/server")) return text;
  const named = /serverExternalPackages\s*:\s*\[/;
  if (named.test(text)) return text.replace(named, (found) => `${found}"@fermata/server", `);
  const begin = /(const\s+\w+(?:\s*:\s*NextConfig)?\s*=\s*\{|export default\s*\{)/;
  if (!begin.test(text)) return null;
  return text.replace(begin, `$1\n  serverExternalPackages: ["@fermata/server"],`);
}
