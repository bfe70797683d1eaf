import { FermataError } from "./api-error";

/** What stands before a server lets through so much of a body, unless somebody set it otherwise. */
const proxies: { by: string; sign: RegExp; limitBytes: number; setting?: string }[] = [
  { by: "Vercel", sign: /FUNCTION_PAYLOAD_TOO_LARGE|vercel/i, limitBytes: 4_500_000 },
  { by: "nginx", sign: /nginx|openresty/i, limitBytes: 1_048_576, setting: "client_max_body_size" },
  { by: "Cloudflare", sign: /cloudflare/i, limitBytes: 100_000_000 },
  { by: "IIS", sign: /IIS|maxAllowedContentLength/i, limitBytes: 30_000_000 },
  { by: "API Gateway", sign: /"message":"Request Too Long"/i, limitBytes: 10_485_760 },
];

/**
 * A 413 that is not our server's: something before it has a limit of its own. `limitBytes` is what that is likely to be.
 * @param words its answer, and what its `Server` header says
 */
export function refusedByProxy(words: string, sizeBytes?: number): FermataError {
  const { by, limitBytes, setting } = proxies.find(({ sign }) => sign.test(words)) ?? {};
  const remedy = setting ? ` Raise ${setting} there.` : "";
  return new FermataError(
    "PAYLOAD_TOO_LARGE",
    `${by ?? "A proxy"} before the server refuses bodies of this size.${remedy}`,
    {
      httpStatus: 413,
      details: {
        reason: "proxy",
        ...(by && { by }),
        ...(setting && { setting }),
        ...(limitBytes && { limitBytes }),
        ...(sizeBytes && { sizeBytes }),
      },
    },
  );
}
