import { Ailment, type Diagnosis, diagnosis } from "fermata/internal";
import { doctorKey, one } from "./check-store";
import type { Objects, S3Settings } from "./s3-settings";

const bytes = new TextEncoder().encode("seen from outside");

/** Reads through the media domain, as everybody will: what is public, and what must not be. */
export function checkMediaDomain(objects: Objects, s3: S3Settings): Promise<Diagnosis> {
  const { publicUrl } = s3;
  return diagnosis(
    "media domain",
    `Connect ${publicUrl} to the bucket ${s3.publicBucket} and wait until its certificate is active: infra/terraform does it (docs/provision-r2.md).`,
    async () => {
      const key = doctorKey();
      const facts = { contentType: "application/octet-stream" };
      const hidden = doctorKey();
      try {
        await objects.put("media-public", key, one(bytes), facts);
        await objects.put("media-private", hidden, one(bytes), facts);
        const seen = await read(`${publicUrl}/${key}`);
        if (seen.status !== 200 || seen.text !== new TextDecoder().decode(bytes)) {
          throw new Error(`${publicUrl} answers ${seen.status} for an object of the public bucket`);
        }
        const leak = await read(`${publicUrl}/${hidden}`);
        if (leak.status === 200) {
          throw new Ailment(
            `${publicUrl} shows what lies in the private bucket`,
            `Take the domain away from ${s3.privateBucket} at once, and name two different buckets in S3_PUBLIC_BUCKET and S3_PRIVATE_BUCKET.`,
          );
        }
        return `${publicUrl} reads the public bucket, and not the private one`;
      } finally {
        await objects.delete("media-public", key).catch(() => {});
        await objects.delete("media-private", hidden).catch(() => {});
      }
    },
  );
}

async function read(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (!answer) throw new Error(`${new URL(url).origin} does not answer`);
  return { status: answer.status, text: await answer.text() };
}
