import { hostedApi } from "../../../hosted-api";

/** Hosts the API where Next is the server, as on Vercel. The self-hosted server answers ahead of this route. */
async function handle(request: Request): Promise<Response> {
  try {
    const api = await hostedApi();
    return await api(request);
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

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
