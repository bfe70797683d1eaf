// Signing part URLs: the S3 adapter beside the SDK's getSignedUrl, for the same grants.
import { S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { createS3ObjectStore } from "@fermata/server/adapters/object-store/s3";
import { spread, table } from "../statistics";

const rounds = Number(process.argv[2] ?? 7);
const spanMs = 1000;
const endpoint = "https://account.r2.example.com";
const credentials = { accessKeyId: "id", secretAccessKey: "a secret" };
const md5 = "kAFQmDzST7DWlj99KOF/cg==";
const sizeBytes = 8 * 1024 * 1024;
const [key, uploadId] = ["k".repeat(22), "u".repeat(64)];

const store = createS3ObjectStore({
  endpoint,
  region: "auto",
  ...credentials,
  publicBucket: "public",
  privateBucket: "private",
  publicBaseUrl: "https://media.example.com",
});
const client = new S3Client({
  endpoint,
  region: "auto",
  forcePathStyle: true,
  credentials,
  requestChecksumCalculation: "WHEN_REQUIRED",
});

const ways = {
  fermata: (count: number) =>
    store.signParts(
      Array.from({ length: count }, (_, index) => ({
        bucket: "media-public" as const,
        key,
        uploadId,
        partNumber: index + 1,
        sizeBytes,
        md5,
        ttlSeconds: 3600,
        origin: "",
      })),
    ),
  getSignedUrl: (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        getSignedUrl(
          client,
          new UploadPartCommand({
            Bucket: "public",
            Key: key,
            UploadId: uploadId,
            PartNumber: index + 1,
            ContentLength: sizeBytes,
            ContentMD5: md5,
          }),
          {
            expiresIn: 3600,
            signableHeaders: new Set(["host", "content-length", "content-md5"]),
            unhoistableHeaders: new Set(["content-md5"]),
          },
        ),
      ),
    ),
};

async function rate(sign: (count: number) => Promise<unknown>, count: number): Promise<number> {
  const startedAt = performance.now();
  let signed = 0;
  while (performance.now() - startedAt < spanMs) {
    await sign(count);
    signed += count;
  }
  return (signed * 1000) / (performance.now() - startedAt);
}

const rows: string[][] = [];
for (const count of [1, 100, 1000]) {
  const results = { fermata: [] as number[], getSignedUrl: [] as number[] };
  await ways.fermata(count);
  await ways.getSignedUrl(count);
  for (let round = 0; round < rounds; round++) {
    results.fermata.push(await rate(ways.fermata, count));
    results.getSignedUrl.push(await rate(ways.getSignedUrl, count));
  }
  const ratios = results.fermata.map((value, i) => value / (results.getSignedUrl[i] ?? Number.NaN));
  rows.push([
    String(count),
    spread(results.fermata),
    spread(results.getSignedUrl),
    `${spread(ratios, 1)}, target 7`,
  ]);
}
console.log(`\n${rounds} rounds of ${spanMs} ms, interleaved: median (least to most)\n`);
console.log(table(["parts a call", "fermata, URLs/s", "getSignedUrl, URLs/s", "ratio"], rows));
