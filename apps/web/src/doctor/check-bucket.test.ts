import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createS3ObjectStore } from "@fermata/server/adapters/object-store/s3";
import { startS3 } from "@fermata/server/testing/start-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parseEnv } from "../env";
import { type BucketFront, startBucketFront } from "../testing/start-bucket-front";
import { checkBucket } from "./check-bucket";
import { uploadHeaders } from "./check-cors";
import { type Objects, readS3Settings } from "./s3-settings";

const studio = "https://studio.example.com";
const mirror = "https://mirror.example.com";

let s3: Awaited<ReturnType<typeof startS3>>;
let front: BucketFront;

beforeAll(async () => {
  s3 = await startS3();
  front = await startBucketFront(s3.config.endpoint);
});
afterAll(async () => {
  await front?.close();
  await s3?.close();
});

beforeEach(() => {
  const store = storeFor({});
  Object.assign(front.settings, {
    cors: {
      origins: [studio, mirror],
      methods: ["GET", "PUT"],
      headers: [...uploadHeaders],
      expose: ["ETag"],
    },
    clockAheadSeconds: 0,
    refuse: () => null,
    hidesEtag: false,
    media: async (key: string) => {
      const found = await store.get("media-public", key);
      if (!found) return { status: 404, body: new Uint8Array() };
      return { status: 200, body: new Uint8Array(await new Response(found.body).arrayBuffer()) };
    },
  });
});

/** The variables of a server whose bucket is well, but for what a test says. */
function envFor(changes: Record<string, string>) {
  return parseEnv({
    DATABASE_URL: "postgresql://localhost/none",
    FERMATA_SECRET: "s".repeat(32),
    NEXTAUTH_SECRET: "n".repeat(32),
    FERMATA_PUBLIC_URL: studio,
    FERMATA_ALLOWED_ORIGINS: mirror,
    S3_ENDPOINT: `${front.origin}${new URL(s3.config.endpoint).pathname}`,
    S3_ACCESS_KEY_ID: s3.config.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.config.secretAccessKey,
    S3_PUBLIC_BUCKET: s3.config.publicBucket,
    S3_PRIVATE_BUCKET: s3.config.privateBucket,
    S3_PUBLIC_URL: `${front.origin}/media/`,
    ...changes,
  });
}

function storeFor(changes: Record<string, string>): Objects {
  const env = envFor(changes);
  return createS3ObjectStore({
    endpoint: env.S3_ENDPOINT ?? "",
    region: env.S3_REGION,
    accessKeyId: env.S3_ACCESS_KEY_ID ?? "",
    secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? "",
    publicBucket: env.S3_PUBLIC_BUCKET ?? "",
    privateBucket: env.S3_PRIVATE_BUCKET ?? "",
    publicBaseUrl: env.S3_PUBLIC_URL ?? "",
  });
}

const lookAt = (changes: Record<string, string> = {}) =>
  checkBucket(storeFor(changes), readS3Settings(envFor(changes)));

/** What is not well, as `part: finding > remedy`. */
async function ailments(changes?: Record<string, string>): Promise<string[]> {
  const diagnoses = await lookAt(changes);
  return diagnoses
    .filter(({ ok }) => !ok)
    .map(({ part, finding, remedy }) => `${part}: ${finding} > ${remedy}`);
}

async function keysLeft(): Promise<string[]> {
  const store = storeFor({});
  const lists = await Promise.all(
    (["files", "media-public", "media-private"] as const).map((bucket) =>
      store.list(bucket, { limit: 100 }),
    ),
  );
  return lists.flatMap(({ items }) => items.map(({ key }) => key));
}

test("a bucket that is well is found well in every part, and left as it was", async () => {
  const diagnoses = await lookAt();
  expect(diagnoses.map(({ part, ok }) => [part, ok])).toEqual([
    ["store, clock", true],
    ["store, files", true],
    ["store, media-public", true],
    ["store, media-private", true],
    ["multipart, media-public", true],
    ["multipart, media-private", true],
    ["CORS, media-public", true],
    ["CORS, media-public", true],
    ["CORS, media-private", true],
    ["CORS, media-private", true],
    ["media domain", true],
  ]);
  expect(await keysLeft()).toEqual([]);
});

describe("credentials", () => {
  test("a key that the store does not know", async () => {
    const found = await ailments({ S3_ACCESS_KEY_ID: "unknown" });
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(/store, files: the store does not know the key > .*S3_ACCESS_KEY_ID/);
  });

  test("a secret that does not belong to it", async () => {
    const [first] = await ailments({ S3_SECRET_ACCESS_KEY: "another secret" });
    expect(first).toMatch(/does not accept the signature > S3_SECRET_ACCESS_KEY does not belong/);
  });

  test("a key that may only read", async () => {
    front.settings.refuse = ({ method }) =>
      method === "PUT" ? { status: 403, code: "AccessDenied" } : null;
    const found = await ailments();
    expect(found[1]).toMatch(
      /store, media-public: the key may not do this in S3_PUBLIC_BUCKET \(public\) > .*Object Read & Write/,
    );
  });

  test("a bucket that is not there", async () => {
    const found = await ailments({ S3_PUBLIC_BUCKET: "misspelt" });
    expect(found).toEqual([
      expect.stringMatching(
        /store, media-public: there is no such bucket: S3_PUBLIC_BUCKET \(misspelt\) > Make it/,
      ),
    ]);
  });

  test("an endpoint where nobody is", async () => {
    const found = await ailments({ S3_ENDPOINT: "http://127.0.0.1:1" });
    expect(found).toEqual([
      expect.stringMatching(/http:\/\/127\.0\.0\.1:1 cannot be reached > Check S3_ENDPOINT/),
    ]);
  });

  test("an endpoint with the bucket in it", async () => {
    const endpoint = envFor({}).S3_ENDPOINT ?? "";
    expect(await ailments({ S3_ENDPOINT: `${endpoint}/public` })).toEqual([
      `store, endpoint: S3_ENDPOINT names a bucket (public), which is named by its own variable > Write S3_ENDPOINT=${endpoint}`,
    ]);
  });

  test("an endpoint that has no TLS", async () => {
    const endpoint = (envFor({}).S3_ENDPOINT ?? "").replace("http:", "https:");
    expect((await ailments({ S3_ENDPOINT: endpoint }))[0]).toMatch(
      /does not speak TLS there > Write http/,
    );
  });

  test("an endpoint that takes connections and stays silent, within ten seconds", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const began = Date.now();
    expect(await ailments({ S3_ENDPOINT: `http://127.0.0.1:${port}` })).toEqual([
      expect.stringMatching(/takes the connection and does not answer > .*firewall/),
    ]);
    expect(Date.now() - began).toBeLessThan(10_000);
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  test("a store without conditional PUT", async () => {
    front.settings.refuse = ({ method, headers }) =>
      method === "PUT" && headers["if-none-match"] ? { status: 501, code: "NotImplemented" } : null;
    expect((await ailments())[0]).toMatch(/the store lacks conditional PUT .*If-None-Match/);
  });

  test("a store that stops in the middle, within ten seconds", async () => {
    front.settings.refuse = ({ method, url }) =>
      method === "GET" && url?.includes("doctor-") ? "silence" : null;
    const began = Date.now();
    expect((await ailments())[0]).toMatch(/takes the connection and does not answer/);
    expect(Date.now() - began).toBeLessThan(10_000);
    // What a look that was cut off leaves behind is the sweep's.
    const store = storeFor({});
    for (const bucket of ["files", "media-public", "media-private"] as const) {
      const { items } = await store.list(bucket, { limit: 100 });
      for (const { key } of items) await store.delete(bucket, key);
    }
  });
});

describe("what answers in another way", () => {
  const page = "<html><title>Sign in</title></html>";
  const region = "<Region>eu-west-1</Region>";
  const moved = { "x-amz-bucket-region": "eu-west-1" };

  test.each([
    [
      { status: 200, page },
      /answers as a web page or a proxy does, and not as a store > .*console/,
    ],
    [{ status: 502, page }, /answers as a web page or a proxy does.*: HTTP 502 > .*proxy/],
    [{ status: 502, code: "Bad" }, /answers as a web page or a proxy does.*: HTTP 502 > .*proxy/],
    [
      { status: 301, code: "PermanentRedirect", headers: moved },
      /S3_PRIVATE_BUCKET \(private\) lies in the region eu-west-1 > Set S3_REGION=eu-west-1/,
    ],
    [
      { status: 400, code: "AuthorizationHeaderMalformed", more: region },
      /lies in the region eu-west-1 > Set S3_REGION=eu-west-1/,
    ],
    [{ status: 301, code: "PermanentRedirect" }, /lies in another region > Set S3_REGION to/],
    [{ status: 503, code: "SlowDown" }, /the store is overloaded.* > Try again in a minute/],
    [{ status: 507, code: "XMinioStorageFull" }, /the store is full > Make room/],
    [{ status: 403, code: "QuotaExceeded" }, /the store is full > Make room/],
  ])("%j, within ten seconds", async (refusal, said) => {
    front.settings.refuse = () => refusal;
    const began = Date.now();
    expect((await ailments())[0]).toMatch(said);
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  test("connections that are taken and broken", async () => {
    const isStore = ({ url }: { url?: string | undefined }) => url?.includes("doctor-");
    for (const isBroken of [() => true, isStore]) {
      front.settings.refuse = (request) => (isBroken(request) ? "break" : null);
      const began = Date.now();
      expect((await ailments())[0]).toMatch(/takes the connection and breaks it > .*TLS/);
      expect(Date.now() - began).toBeLessThan(10_000);
    }
  });

  test("signed PUTs alone that are refused", async () => {
    front.settings.refuse = ({ method, url }) =>
      method === "PUT" && url?.includes("X-Amz-Signature")
        ? { status: 403, code: "AccessDenied" }
        : null;
    const found = await ailments();
    // Two by parts, and four by CORS.
    expect(found).toHaveLength(6);
    for (const one of found) {
      expect(one).toMatch(
        /with 403 AccessDenied > It took the server's own, so neither the key nor/,
      );
    }
  });
});

describe("the clock", () => {
  test("one that is behind the store's", async () => {
    front.settings.clockAheadSeconds = 600;
    expect(await ailments()).toEqual([
      expect.stringMatching(
        /store, clock: this machine's clock is \d+ s behind .* > Set the clock/,
      ),
    ]);
  });

  test("a store that refuses signatures for it", async () => {
    front.settings.refuse = () => ({ status: 403, code: "RequestTimeTooSkewed" });
    expect((await ailments())[0]).toMatch(/takes this machine's clock for wrong > Set the clock/);
  });
});

describe("uploads in parts", () => {
  test("a part that is refused", async () => {
    front.settings.refuse = ({ url }) =>
      url?.includes("partNumber=") ? { status: 501, code: "NotImplemented" } : null;
    const found = await ailments();
    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(
      /multipart, media-public: the store lacks uploads in parts > Nothing can be uploaded/,
    );
    expect(await keysLeft()).toEqual([]);
  });

  test("an ETag that gets lost on the way", async () => {
    front.settings.hidesEtag = true;
    expect((await ailments())[0]).toMatch(/gave no ETag/);
  });
});

describe("CORS", () => {
  const rule = () => {
    if (!front.settings.cors) throw new Error("no rule");
    return front.settings.cors;
  };

  test("no rule at all", async () => {
    front.settings.cors = null;
    expect(await ailments()).toHaveLength(4);
  });

  test("an origin that the rule does not name", async () => {
    rule().origins = [studio];
    const found = await ailments();
    expect(found).toHaveLength(2);
    expect(found[1]).toMatch(
      /CORS, media-private: browsers on https:\/\/mirror\.example\.com cannot upload.* > Add https:\/\/mirror\.example\.com.*S3_PRIVATE_BUCKET \(private\)/,
    );
  });

  test("PUT is not allowed", async () => {
    rule().methods = ["GET"];
    expect((await ailments())[0]).toMatch(/does not allow PUT > Add PUT/);
  });

  test("a signed header is not allowed", async () => {
    rule().headers = ["content-type", "if-none-match", "content-disposition"];
    expect((await ailments())[0]).toMatch(/may not send content-md5 > Add content-md5/);
  });

  test("the ETag is not exposed", async () => {
    rule().expose = ["Content-Length"];
    expect((await ailments())[0]).toMatch(/cannot see the ETag.* > Add ETag/);
  });

  test("everything is allowed by asterisks", async () => {
    Object.assign(rule(), { methods: ["*"], headers: ["*"], expose: ["*"] });
    expect(await ailments()).toEqual([]);
  });
});

describe("the media domain", () => {
  test("a domain that reads nothing", async () => {
    front.settings.media = async () => ({ status: 404, body: new Uint8Array() });
    expect(await ailments()).toEqual([
      expect.stringMatching(/media domain: .* answers 404 for an object .* > Connect/),
    ]);
  });

  test("a domain where nobody answers", async () => {
    expect((await ailments({ S3_PUBLIC_URL: "http://127.0.0.1:1" }))[0]).toMatch(/does not answer/);
  });

  test("a domain that shows the private bucket too", async () => {
    const { media: publicOne } = front.settings;
    const store = storeFor({});
    front.settings.media = async (key) => {
      const seen = await publicOne(key);
      if (seen.status === 200) return seen;
      const status = (await store.head("media-private", key)) ? 200 : 404;
      return { status, body: new Uint8Array() };
    };
    expect((await ailments())[0]).toMatch(
      /shows what lies in the private bucket > Take the domain/,
    );
  });
});

test("Terraform allows every header that a grant asks a browser to send", async () => {
  const store = storeFor({});
  const grant = { bucket: "media-private" as const, key: "k", ttlSeconds: 60, origin: studio };
  const put = await store.signPut({
    ...grant,
    contentType: "image/png",
    contentDisposition: "inline",
    sizeBytes: 1,
    md5: "1B2M2Y8AsgTpgAmY7PhCfg==",
  });
  const parts = await store.signParts([
    { ...grant, uploadId: "u", partNumber: 1, sizeBytes: 1, md5: "1B2M2Y8AsgTpgAmY7PhCfg==" },
  ]);
  const asked = [put, ...parts].flatMap(({ headers }) => Object.keys(headers));
  const main = new URL(
    "../../../../infra/terraform/modules/media-buckets/main.tf",
    import.meta.url,
  );
  const allowed = /headers = \[(.*)\]/.exec(readFileSync(main, "utf8"))?.[1] ?? "";
  for (const name of new Set([...asked, ...uploadHeaders])) expect(allowed).toContain(`"${name}"`);
  expect([...new Set(asked)].sort()).toEqual([...uploadHeaders].sort());
});
