import { z } from "zod";
import type { Env } from "../env";
import { type Diagnosis, diagnosis } from "./diagnosis";

/** What the SDK's endpoint says of itself to an unsigned GET. */
const introspection = z.looseObject({ function_count: z.number().optional() });

export function checkInngest(env: Env): Promise<Diagnosis> {
  return diagnosis(
    "jobs",
    "Start the server, set FERMATA_PUBLIC_URL to where it is reached, and sync the app in Inngest's dashboard.",
    async () => {
      if (!env.INNGEST_SIGNING_KEY && !env.INNGEST_EVENT_KEY && !env.INNGEST_BASE_URL) {
        return "the embedded runner runs them with `npm start`";
      }
      const endpoint = new URL(
        "/api/inngest",
        env.FERMATA_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`,
      );
      const answer = await fetch(endpoint, { signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(`${endpoint} answers ${answer.status}`);
      const { function_count: count } = introspection.parse(await answer.json());
      return `${endpoint} offers ${count ?? "its"} functions to Inngest`;
    },
  );
}
