import { hostedApi } from "../../../hosted-api";

/** Hosts the API where Next is the server, as on Vercel. The self-hosted server answers ahead of this route. */
async function handle(request: Request): Promise<Response> {
  const api = await hostedApi();
  return api(request);
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
