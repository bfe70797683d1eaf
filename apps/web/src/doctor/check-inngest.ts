import { signRequest } from "@fermata/server/internal";
import { type Diagnosis, diagnosis } from "fermata/internal";
import { z } from "zod";
import type { Env } from "../env";

const timeoutMs = 10_000;

/** What the SDK's endpoint says of itself to who signs. */
const introspection = z.looseObject({ function_count: z.number().optional() });
const readiness = z.object({
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), remedy: z.string().optional() })),
});

/** Whether the server answers Inngest, signed where it wants that, and whether Inngest knows it and calls. */
export function checkInngest(env: Env): Promise<Diagnosis> {
  return diagnosis(
    "jobs",
    "Start the server and set FERMATA_PUBLIC_URL to where Inngest reaches it: it registers itself there.",
    async () => {
      const { INNGEST_SIGNING_KEY: signingKey, INNGEST_DEV: isDev } = env;
      if (!signingKey && !isDev) return "the embedded runner runs them with `npm start`";
      const origin = env.FERMATA_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
      const endpoint = new URL("/api/inngest", origin);
      const answer = await fetch(endpoint, {
        headers: signingKey
          ? { "x-inngest-signature": signRequest(signingKey, "", new Date()) }
          : {},
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (answer.status === 401)
        throw new Error(`${endpoint} was started with another INNGEST_SIGNING_KEY`);
      if (!answer.ok) throw new Error(`${endpoint} answers ${answer.status}`);
      const { function_count: count } = introspection.parse(await answer.json());

      const ready = await fetch(new URL("/api/ready", origin), {
        signal: AbortSignal.timeout(timeoutMs),
      });
      const jobs = readiness.parse(await ready.json()).checks.find(({ name }) => name === "jobs");
      if (jobs && !jobs.ok)
        throw new Error(
          `${env.INNGEST_BASE_URL ?? "Inngest"} does not know the app ${env.INNGEST_APP_ID}, or does not call it`,
        );
      return `${endpoint} offers ${count ?? "its"} functions to Inngest, as ${env.INNGEST_APP_ID}`;
    },
  );
}
