import type { ServerConfig } from "../context";
import { requireInngestClient } from "./check-inngest-client";
import { FermataOptionError } from "./fermata-error";
import type { FermataServerOptions } from "./options";

/** @throws FermataOptionError naming the first option that does not fit, also where types were not checked */
export function requireOptions(options: FermataServerOptions | undefined): void {
  const { database, secret, store, identify, metricsToken, basePath, ice } = options ?? {};
  if (typeof database !== "object" || database === null)
    refuse("database", "needs a url, a pool, or a Prisma client.");
  if (typeof secret !== "string" || secret.length < 32)
    refuse("secret", "needs at least 32 characters that nobody can guess.");
  if (typeof store !== "function")
    refuse("store", "is missing: give s3Store({ … }) or diskStore({ … }).");
  if (typeof identify !== "function")
    refuse("identify", "is missing: a function from a request to its user.");
  if (metricsToken !== undefined && !/^\S{16,}$/.test(metricsToken))
    refuse("metricsToken", "needs at least 16 characters, and no blanks.");
  if (basePath !== undefined && !/^(\/[\w.~-]+)+\/?$/.test(basePath))
    refuse("basePath", "begins with a slash, such as /api/fermata.");
  if (ice !== undefined && typeof ice?.issue !== "function")
    refuse("ice", "is none of @fermata/server/ice.");
  requireQuota(options?.quota);
  requireInngest(options?.inngest);
  requireRules(options?.uploads);
  requireOwners(options?.owners);
}

/** @throws FermataOptionError for what is no origin, and for one that is the files' and the app's at once */
export function originsOf({
  publicOrigin,
  filesOrigin,
  allowedOrigins = [],
}: FermataServerOptions): Pick<ServerConfig, "publicOrigin" | "filesOrigin" | "allowedOrigins"> {
  if (!Array.isArray(allowedOrigins)) refuse("allowedOrigins", "is a list of origins.");
  const own = publicOrigin ? originOf("publicOrigin", publicOrigin) : null;
  const files = filesOrigin ? originOf("filesOrigin", filesOrigin) : null;
  if (files !== null && files === own)
    refuse("filesOrigin", "is publicOrigin, and nothing but files answers there. Leave it out.");
  return {
    publicOrigin: own,
    filesOrigin: files,
    allowedOrigins: allowedOrigins.map((text, at) => originOf(`allowedOrigins[${at}]`, text)),
  };
}

/** As browsers write it: a slash behind it would never match. Schemes of apps, such as `capacitor:`, have none to normalise. */
function originOf(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) refuse(option, "is no origin, such as https://app.example.com.");
  return url.origin === "null" ? text : url.origin;
}

function requireQuota(quota: FermataServerOptions["quota"]): void {
  if (quota === undefined || typeof quota === "function") return;
  for (const name of ["filesBytes", "mediaBytes"] as const) {
    const bytes: unknown = quota?.[name];
    if (typeof bytes !== "number" || !(bytes >= 0)) refuse("quota", `needs ${name}, in bytes.`);
  }
}

function requireInngest(inngest: FermataServerOptions["inngest"]): void {
  const id = inngest?.id;
  if (id !== undefined && (typeof id !== "string" || id === ""))
    refuse("inngest.id", "is empty: it tells your app from others on one Inngest.");
  requireInngestClient(inngest?.client);
}

function requireRules(uploads: FermataServerOptions["uploads"]): void {
  for (const [name, rule] of Object.entries(uploads ?? {}))
    if (typeof rule?.isAllowed !== "function")
      refuse(`uploads.${name}`, "is no rule: begin one with upload({ … }).");
}

function requireOwners(owners: FermataServerOptions["owners"]): void {
  if (owners !== undefined && !Array.isArray(owners)) refuse("owners", "is a list.");
  for (const [index, { table, column, whenFileDeleted }] of (owners ?? []).entries()) {
    const known = ["clear", "deleteRow", "refuse"].includes(whenFileDeleted);
    if (!table || !column || !known)
      refuse(
        `owners[${index}]`,
        'names a table, a column, and whenFileDeleted: "clear", "deleteRow" or "refuse".',
      );
  }
}

function refuse(option: string, message: string): never {
  throw new FermataOptionError(option, message);
}
