import { fileURLToPath } from "node:url";
import { type BodyPolicy, policy, type RoutePolicy } from "@fermata/server/hosts/policy";
import { classOfProcedure } from "@fermata/server/limits/class-of-procedure";
import { type LimitClassRule, limitClasses } from "@fermata/server/limits/limit-classes";
import { expect, test } from "vitest";
import { appRouter } from "./app-router";

const count = (n: number) => n.toLocaleString("en-US");

function bodyOf(body: BodyPolicy | null): string {
  if (!body) return "none";
  const pace =
    body.bound === "duration"
      ? `within ${body.totalSeconds} s, no pause over ${body.idleSeconds} s`
      : `as long as it needs, no pause over ${body.idleSeconds} s, not under ${count(body.minBytesPerSecond)} bytes/s for a minute`;
  return `${count(body.maxBytes)} bytes, ${pace}`;
}

function routeRow([name, line]: [string, RoutePolicy]): string {
  const path = line.path.startsWith("/") ? line.path : `…/${line.path}`;
  return [
    `\`${path}\``,
    line.methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(" "),
    line.at.includes("files") ? "own, files' own" : "own",
    line.readers === "allowed" ? "own pages, allowed origins" : "own pages",
    line.credentials,
    bodyOf(line.body),
    line.limit ? `\`${line.limit}\`` : name === "trpc" ? "by procedure" : "none",
    line.whenBusy,
    Object.entries(line.headers)
      .map(([header, value]) => `\`${header}: ${value}\``)
      .join("<br>"),
    line.purpose,
  ].join(" | ");
}

function limitRow([name, rule]: [string, LimitClassRule]): string {
  const told = (["user", "room", "network"] as const).map((subject) => {
    const allowance = rule[subject];
    return allowance ? `${count(allowance.burst)}, then ${count(allowance.perSecond)}/s` : "";
  });
  return [`\`${name}\``, rule.counts, ...told].join(" | ");
}

function proceduresOf(name: string): string {
  const paths = Object.entries(appRouter._def.procedures as unknown as Record<string, Definition>)
    .filter(([path, { _def }]) => classOfProcedure(path, _def.type) === name)
    .map(([path]) => `\`${path}\``);
  return `**${name}**: ${paths.join(" ")}`;
}

interface Definition {
  _def: { type: "query" | "mutation" | "subscription" };
}

const table = (head: string[], rows: string[]) =>
  [head.join(" | "), head.map(() => "---").join(" | "), ...rows]
    .map((row) => `| ${row} |`)
    .join("\n");

function hosts(): string {
  const classes = Object.keys(limitClasses);
  return [
    "# Hosts",
    "What each route allows, on every host and way, asked before any of them runs. Printed from `packages/server/src/hosts/policy.ts` and `packages/server/src/limits/limit-classes.ts`; a route without a line there does not compile. `…` is the base path, `/api` unless the app says otherwise. Every route answers `OPTIONS`; another method is 405, a larger body 413, a slower one 408, a malformed address 400, a route that this origin does not have 404. What is read of a body ends at its limit.",
    table(
      [
        "route",
        "methods",
        "at the origins",
        "read by",
        "credentials",
        "body",
        "limit",
        "when busy",
        "headers",
        "what",
      ],
      Object.entries(policy).map(routeRow),
    ),
    "Every answer below the base path carries `x-request-id` where it can be looked up, `vary: origin` where a cache may keep it, and over https `strict-transport-security`. No other protocol is spoken: upgrades are refused.",
    "## More than a process can answer",
    'A process works on eight requests for each connection of its pool (`DATABASE_POOL_SIZE`) at a time, and on fewer while statements queue up for the connections. Twice as many may wait, for a second at most: signed-in people before those who only say to be, and both before everybody else. Who finds no place is answered 503 `UPSTREAM_UNAVAILABLE` with `reason: "busy"` and `Retry-After` of one to three seconds, which the client obeys. A slot is held for a second at most, so neither a slow line nor a slow store keeps others out. What is `answered` in the table waits for nothing, and neither do event streams, however much there is to do.',
    "## Rate limits",
    "How much one user, room or network may ask: so much at once, then so much a second. A network is an IPv4 address or a /64 of IPv6. Who asks for more is answered 429 `RATE_LIMITED` with `Retry-After` in seconds, which the client obeys. Procedures that an app nests in its own tRPC router are counted with the rest. What comes from this machine itself is not counted, unless `FERMATA_RATE_LIMITS` gives numbers: `reads.network=800/20000` allows 20,000 at once and 800 a second. All processes of an installation count together: each tells the others when a fiftieth of a limit was taken, so between two words of it they may let that much more through. While the database is away each counts for itself. Signing in has limits of its own.",
    table(
      ["class", "counts", "a user", "a room", "a network"],
      Object.entries(limitClasses).map(limitRow),
    ),
    ...classes.filter((name) => proceduresOf(name).includes("`")).map(proceduresOf),
    "## Who a client is",
    "`FERMATA_TRUST_PROXY` says how many proxies of yours stand before the server. Each adds one entry to `X-Forwarded-For`, so that many are counted from the right, and whatever stands before them the client made up: with one proxy the last entry is the client. The same goes for `X-Forwarded-Proto` and `-Host`. Without it none of them is believed, and a client is whoever opened the connection, under `next start` too. On Vercel the platform's own header is read, which it overwrites whatever a client sends.",
    "",
  ].join("\n\n");
}

test("docs/hosts.md is what the policy says; `vitest --update=all` writes it", async () => {
  const path = fileURLToPath(new URL("../../../../docs/hosts.md", import.meta.url));
  await expect(hosts()).toMatchFileSnapshot(path);
});
