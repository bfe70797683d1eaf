import type { z } from "zod";
import { type Env, schema, variables } from "./env-variables";
import { forPreview } from "./preview";

export type { Env } from "./env-variables";

const hosting = schema.pick({
  FERMATA_PUBLIC_URL: true,
  FERMATA_FILES_ORIGIN: true,
  FERMATA_TRUST_PROXY: true,
  FERMATA_RATE_LIMITS: true,
  VERCEL: true,
});

/** The few variables by which pages are refused: the others are not needed for that, and may be missing. */
export function readHostingEnv(
  source: Record<string, string | undefined>,
): z.infer<typeof hosting> {
  return hosting.parse(tidy(source));
}

const s3Variables = [
  "S3_ENDPOINT",
  "S3_ACCESS_KEY_ID",
  "S3_SECRET_ACCESS_KEY",
  "S3_PUBLIC_BUCKET",
  "S3_PRIVATE_BUCKET",
  "S3_PUBLIC_URL",
] as const satisfies (keyof Env)[];

/** Variables that only make sense together. */
const together: (keyof Env)[][] = [
  [...s3Variables],
  ["CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_API_TOKEN"],
  ["TURN_URLS", "TURN_USERNAME", "TURN_CREDENTIAL"],
  ["COTURN_URLS", "COTURN_SECRET"],
  ["SMTP_URL", "FERMATA_MAIL_FROM", "FERMATA_MAIL_TO"],
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"],
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"],
];

const larkHook = "https://open.larksuite.com/open-apis/bot/v2/hook/";

/** Two names of one thing. Either may be set; where both are, they must say the same. */
const otherNames: { name: keyof Env; of: keyof Env; means(value: string): string }[] = [
  { name: "CLOUDFLARE_TURN_TOKEN_ID", of: "CLOUDFLARE_TURN_KEY_ID", means: (id) => id },
  { name: "LARK_TOKEN", of: "LARK_WEBHOOK_URL", means: (token) => `${larkHook}${token}` },
];

/** The environment does not fit. The message names each variable, what it is for, and an example. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

/** @throws EnvError */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = forPreview(tidy(source));
  const contradictions = resolveOtherNames(given);
  const quoted = findQuoted(given);
  if (quoted.length > 0)
    throw new EnvError(`The environment does not fit.\n\n${quoted.join("\n\n")}`);
  const { success, data, error } = schema.safeParse(given);
  const problems = (error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    const state = given[name] === undefined ? "is missing" : `does not fit: ${issue.message}`;
    return explain(name, state);
  });
  for (const group of together) {
    const missing = group.filter((name) => given[name] === undefined);
    if (missing.length === group.length) continue;
    const present = group.find((name) => given[name] !== undefined);
    for (const name of missing) problems.push(explain(name, `is missing; ${present} is set`));
  }
  problems.push(...contradictions, ...findInngestProblems(given));
  if (success) problems.push(...findSame(data));
  if (success && data.NODE_ENV === "production" && data.INNGEST_DEV) {
    problems.push(
      explain(
        "INNGEST_DEV",
        "is set in production, where anybody could start jobs; use npm run dev, or npm start -- --inngest",
      ),
    );
  }
  if (!success || problems.length > 0) {
    throw new EnvError(`The environment does not fit.\n\n${problems.join("\n\n")}`);
  }
  return data;
}

/**
 * For hosts on which nothing embedded may stand in: bytes on a disk that goes with the next deployment are lost. A directory
 * that was named on purpose will do, but on Vercel, where none lasts.
 * @throws EnvError that names the variables of a store
 */
export function requireStore(source: Record<string, string | undefined>): void {
  if (source.S3_ENDPOINT || (source.FERMATA_DATA && !source.VERCEL)) return;
  const problems = s3Variables.map((name) => explain(name, "is missing"));
  throw new EnvError(
    `The environment does not fit: this host has no store for bytes.\n\n${problems.join("\n\n")}\n\n  Elsewhere than on Vercel, FERMATA_DATA may name a directory that lasts.`,
  );
}

/** Fills in the first name of what was given by another. @returns what contradicts itself */
function resolveOtherNames(given: Record<string, string | undefined>): string[] {
  return otherNames.flatMap(({ name, of, means }) => {
    const value = given[name];
    if (value === undefined) return [];
    const meant = means(value);
    const first = given[of];
    if (first === undefined) {
      given[of] = meant;
      return [];
    }
    // A bot at another host of Lark's has the same token at the end of its address.
    if (first === meant || new URL(first, "x:/").pathname.endsWith(`/${value}`)) return [];
    return [explain(name, `says something else than ${of}; keep one of them`)];
  });
}

/** Keys that would start an engine that runs nothing. */
function findInngestProblems(given: Record<string, string | undefined>): string[] {
  const { INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey } = given;
  const problems: string[] = [];
  if (eventKey?.startsWith("signkey-"))
    problems.push(
      explain("INNGEST_EVENT_KEY", "holds a signing key: it and INNGEST_SIGNING_KEY are swapped"),
    );
  // The dev server checks neither key.
  if (given.INNGEST_DEV === "1" || given.INNGEST_DEV === "true") return problems;
  const keys = { INNGEST_EVENT_KEY: eventKey, INNGEST_SIGNING_KEY: signingKey };
  const present = ["INNGEST_BASE_URL", ...Object.keys(keys)].find((name) => given[name]);
  if (present === undefined) return problems;
  for (const [name, value] of Object.entries(keys))
    if (value === undefined) problems.push(explain(name, `is missing; ${present} is set`));
  return problems;
}

/**
 * What was meant by what was given. `NAME=` in a file means that the variable is not set, and a secret that was read from a
 * file, as Kubernetes' are, often ends in a line break, which nobody can type.
 */
export function tidy(source: Record<string, string | undefined>): Record<string, string> {
  const given = Object.entries(source).flatMap(([name, value = ""]) => {
    // A password may end in a blank on purpose.
    const isPassword = name === "FERMATA_ADMIN_PASSWORD";
    const text = isPassword ? value.replace(/^[\r\n]+|[\r\n]+$/g, "") : value.trim();
    return text === "" ? [] : [[name, text] as const];
  });
  return Object.fromEntries(given);
}

/** Docker's files of variables and Kubernetes' manifests hand quotes on as a part of the value, where shells take them off. */
function findQuoted(given: Record<string, string | undefined>): string[] {
  return Object.keys(schema.shape).flatMap((name) =>
    /^(["']).+\1$/s.test(given[name] ?? "")
      ? [explain(name, "stands in quotes, which are a part of it here; take them off")]
      : [],
  );
}

/** Two things that must not be one. */
function findSame(env: Env): string[] {
  const problems: string[] = [];
  if (env.S3_PUBLIC_BUCKET && env.S3_PUBLIC_BUCKET === env.S3_PRIVATE_BUCKET)
    problems.push(
      explain(
        "S3_PRIVATE_BUCKET",
        "is the public bucket: whatever is private would be readable there. It needs one of its own",
      ),
    );
  if (env.FERMATA_FILES_ORIGIN && env.FERMATA_FILES_ORIGIN === env.FERMATA_PUBLIC_URL)
    problems.push(
      explain(
        "FERMATA_FILES_ORIGIN",
        "is FERMATA_PUBLIC_URL, and nothing but files answers there. Leave it out, or name another domain",
      ),
    );
  return problems;
}

function explain(name: string, state: string): string {
  const doc = variables.find((entry) => entry.name === name);
  return `  ${name} ${state}\n    ${doc?.purpose}\n    For example: ${name}=${doc?.example}`;
}

/** What the process was given. The only place that reads it. */
export function processEnv(): Record<string, string | undefined> {
  return process.env;
}
