import type { Operator } from "@fermata/server";
import { type App, type Finding, withApp } from "../app/load-app";
import type { Flags } from "../command";
import type { Terminal } from "../terminal";
import { checkTurn } from "./check-turn";

/** `fermata doctor` @returns whether all is as it should be */
export async function doctor(terminal: Terminal, { app: given, json }: Flags): Promise<boolean> {
  const findings = await withApp(terminal.cwd, given, examine);
  const ok = findings.every((finding) => finding.ok);
  if (json) terminal.print(JSON.stringify({ ok, findings }));
  else for (const finding of findings) terminal.print(inWords(finding));
  return ok;
}

async function examine(app: App): Promise<Finding[]> {
  const findings = await app.check();
  // What an earlier version of the server cannot tell, and nothing can without its database.
  if (!app.operator || findings.some(({ name, ok }) => name === "database" && !ok)) return findings;
  return [...findings, ...(await Promise.all([jobsOf(app.operator), relayOf(app.operator)]))];
}

async function jobsOf({ jobs, basePath }: Operator): Promise<Finding> {
  const name = "jobs";
  const { engine, appId, registeredAt, problem, silentSince } = await jobs();
  if (engine === "embedded") return { name, ok: true };
  const remedy = `Register the address of ${basePath}/inngest with Inngest, and look whether INNGEST_SIGNING_KEY is that of its environment.`;
  if (problem)
    return { name, ok: false, remedy: `${appId} could not be registered: ${problem}. ${remedy}` };
  if (silentSince)
    return {
      name,
      ok: false,
      remedy: `Inngest has not called ${appId} since ${silentSince.toISOString()}. ${remedy}`,
    };
  // An app that was never started is no fault.
  if (!registeredAt)
    return { name, ok: true, notice: `Inngest does not know ${appId} yet: no job runs. ${remedy}` };
  return { name, ok: true };
}

async function relayOf({ ice }: Operator): Promise<Finding> {
  const { part: name, ok, finding, remedy } = await checkTurn(ice);
  if (!ok) return { name, ok, remedy: `${finding}. ${remedy}` };
  return ice.name === "stun-only" ? { name, ok, notice: `${finding}.` } : { name, ok };
}

function inWords({ name, remedy, notice }: Finding): string {
  if (remedy !== undefined) return `mend  ${name}\n      ${remedy}`;
  return `ok    ${name}${notice === undefined ? "" : `\n      ${notice}`}`;
}
