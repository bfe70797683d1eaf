import { connectionOf } from "../../connection-header";
import { hostedApi } from "../../hosted-api";

/** Figures for Prometheus, where Next is the server. The self-hosted server answers ahead of this route. */
export async function GET(request: Request): Promise<Response> {
  const api = await hostedApi();
  return api(request, connectionOf(request));
}

export const runtime = "nodejs";
export const dynamic = "force-dynamic";
