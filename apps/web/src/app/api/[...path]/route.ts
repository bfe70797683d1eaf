import { processEnv } from "../../../env";
import { composeFromEnv } from "../../../server";

/** Hosts the API where Next is the server, as on Vercel. The self-hosted server answers ahead of this route. */
let api: ReturnType<typeof composeFromEnv> | undefined;

async function handle(request: Request): Promise<Response> {
  // On the first request, not at build time: a build has no secrets.
  api ??= composeFromEnv(processEnv());
  return (await api)(request);
}

export const runtime = "nodejs";
export const dynamic = "force-dynamic";
/** Streams end on their own before this; see sse.maxDurationMs. */
export const maxDuration = 300;

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
