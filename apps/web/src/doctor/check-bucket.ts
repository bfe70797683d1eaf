import type { Diagnosis } from "fermata/internal";
import { checkClock } from "./check-clock";
import { checkCors } from "./check-cors";
import { checkEndpoint } from "./check-endpoint";
import { checkMediaDomain } from "./check-media-domain";
import { checkMultipart } from "./check-multipart";
import { checkStore } from "./check-store";
import type { Objects, S3Settings } from "./s3-settings";

/** Everything about the place where bytes lie. What needs a bucket that works is looked at once one does. */
export async function checkBucket(objects: Objects, s3: S3Settings | null): Promise<Diagnosis[]> {
  if (!s3) return checkStore(objects, null);
  const misnamed = checkEndpoint(s3);
  if (misnamed) return [misnamed];
  const clock = await checkClock(s3);
  // What does not answer this answers nothing, and each look would wait for it.
  if (!clock.ok && !clock.finding.includes("clock")) return [clock];
  const first = [clock, ...(await checkStore(objects, s3))];
  if (first.some(({ part, ok }) => !ok && part !== "store, clock")) return first;
  return [
    ...first,
    ...(await checkMultipart(objects, s3)),
    ...(await checkCors(objects, s3)),
    await checkMediaDomain(objects, s3),
  ];
}
