import { nextHandlers } from "@fermata/server/next";
import { connectionOf } from "../../../connection-header";
import { hostedApi } from "../../../hosted-api";

async function handler(request: Request): Promise<Response> {
  try {
    const api = await hostedApi();
    return await api(request, connectionOf(request));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "EnvError") throw error;
    return unconfigured(error);
  }
}

/** Names the variables that are missing, and no value: whoever deploys it looks here first. */
function unconfigured({ message }: Error): Response {
  const failure = { appCode: "UPSTREAM_UNAVAILABLE", message, requestId: crypto.randomUUID() };
  const checks = [{ name: "environment", ok: false, remedy: message }];
  return Response.json(
    { status: "unavailable", checks, error: failure },
    { status: 503, headers: { "cache-control": "no-store", "retry-after": "60" } },
  );
}

export const runtime = "nodejs";
export const dynamic = "force-dynamic";
/** Streams end on their own before this; see sse.maxDurationMs. */
export const maxDuration = 300;

/** Hosts the API where Next is the server, as on Vercel. The self-hosted server answers ahead of this route. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = nextHandlers({ handler });
