import type { Inngest } from "inngest";
import { z } from "zod";
import { signRequest } from "./sign-request";

const BODY = "{}";

const answerSchema = z.object({ message: z.string().optional() }).catch({});

/**
 * Makes the app's functions known to its Inngest: a signed `PUT` to our own handler, which sends them there. Inngest asks
 * nobody by itself, so without this it goes on with the functions that it knows.
 * @returns why it did not work, or null
 */
export async function registerApp(options: {
  handler: (request: Request) => Promise<Response>;
  inngest: Inngest;
  endpoint: URL;
}): Promise<string | null> {
  const { handler, inngest, endpoint } = options;
  const { signingKey } = inngest;
  // By the machine's own clock, as the SDK reads the signature.
  const now = new Date();
  const response = await handler(
    new Request(endpoint, {
      method: "PUT",
      headers: {
        "content-type": "application/json",
        host: endpoint.host,
        ...(signingKey && { "x-inngest-signature": signRequest(signingKey, BODY, now) }),
      },
      body: BODY,
    }),
  );
  if (response.ok) return null;
  const { message } = answerSchema.parse(await response.json().catch(() => ({})));
  return message ?? `it answered ${response.status}`;
}
