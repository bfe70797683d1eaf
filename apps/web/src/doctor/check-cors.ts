import type { Services } from "@fermata/server";
import type { Env } from "../env";
import { type Diagnosis, diagnosis } from "./diagnosis";

/** Asks the bucket what a browser would ask before it uploads, from each origin that uploads. */
export async function checkCors(objects: Services["objects"], env: Env): Promise<Diagnosis[]> {
  const own = env.FERMATA_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
  const origins = [own, ...env.FERMATA_ALLOWED_ORIGINS];
  const { url } = await objects.signPut({
    bucket: "media-public",
    key: "doctor",
    contentType: "image/jpeg",
    sizeBytes: 1,
    ttlSeconds: 60,
    origin: own,
  });
  return Promise.all(
    origins.map((origin) =>
      diagnosis(
        `store, CORS`,
        `Allow PUT from ${origin} with the headers content-type and if-none-match, and expose ETag: infra/terraform does it.`,
        async () => {
          const answer = await fetch(url, {
            method: "OPTIONS",
            headers: {
              origin,
              "access-control-request-method": "PUT",
              "access-control-request-headers": "content-type,if-none-match",
            },
            signal: AbortSignal.timeout(10_000),
          });
          const allowed = answer.headers.get("access-control-allow-origin");
          if (allowed !== origin && allowed !== "*") {
            throw new Error(`browsers on ${origin} cannot upload: the bucket does not allow it`);
          }
          return `browsers on ${origin} may upload`;
        },
      ),
    ),
  );
}
