import type { Need } from "@fermata/contract";
import type { Services } from "../context";
import { readMissingBytes, readOutbox } from "./figures";
import type { ReadinessCheck } from "./readiness-check";
import { storeNeeds } from "./store-needs";

/** What nobody but a person can mend, the worst first. Jobs that fail are told of where they run. */
export async function findNeeds(ctx: Services, checks: ReadinessCheck[]): Promise<Need[]> {
  const ofChecks = checks.filter(({ ok }) => !ok).map(failedCheck);
  // Without a database nothing more can be known.
  if (checks.some(({ name, ok }) => name === "database" && !ok)) return ofChecks;
  const [outbox, missing, ofStore] = await Promise.all([
    readOutbox(ctx),
    readMissingBytes(ctx),
    storeNeeds(ctx),
  ]);
  const needs: Need[] = [...ofChecks];
  if (missing > 0) {
    needs.push({
      key: "missing bytes",
      severity: "error",
      title: `${missing} stored ${missing === 1 ? "object has" : "objects have"} lost their bytes`,
      body: "Rows say that they are there, and the store has them no more. The log of “find missing bytes” names them; restore them from a backup.",
    });
  }
  if (outbox.refused > 0) {
    needs.push({
      key: "refused deletions",
      severity: "error",
      title: `The store refuses to delete ${outbox.refused} ${outbox.refused === 1 ? "object" : "objects"}`,
      body: `They are tried again, ever less often, and paid for until then. The store says: ${outbox.lastError ?? "nothing"}`,
    });
  }
  for (const { title, body } of ofStore) {
    needs.push({ key: `store: ${title.replace(/\d+/g, "n")}`, severity: "error", title, body });
  }
  return needs.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}

function failedCheck({ name, required, remedy }: ReadinessCheck): Need {
  return {
    key: `check: ${name}`,
    severity: "error",
    title: `${titles[name] ?? `The ${name} is not as it must be`}`,
    body: `${remedy ?? ""}${required === false ? " Requests are served meanwhile." : ""}`.trim(),
  };
}

const titles: Record<string, string> = {
  database: "The database does not answer",
  "database disk": "The database’s disk is full",
  migrations: "The database lacks migrations",
  store: "The store does not take and give bytes",
  jobs: "Jobs are not called for",
};
