import { Ailment } from "fermata/internal";
import { nameOf, type S3Settings } from "./s3-settings";

/** What a store, or the way to it, calls its refusals. */
const unknownKey = ["InvalidAccessKeyId", "Unauthorized", "InvalidArgument"];
const wrongSecret = ["SignatureDoesNotMatch"];
const skewed = ["RequestTimeTooSkewed", "RequestExpired"];
const unreachable = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];
/** It took the connection, and broke it. */
const broken = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];
const elsewhere = ["PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed"];
const overloaded = ["SlowDown", "HTTP 503", "HTTP 429"];
const behindProxy = ["HTTP 502", "HTTP 504"];
const full = ["XMinioStorageFull", "QuotaExceeded", "HTTP 507"];
const silent = ["ETIMEDOUT", "TimeoutError", "AbortError", "UND_ERR_CONNECT_TIMEOUT"];
const unknownIssuer = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
];
const wrongCertificate = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "ERR_TLS_CERT_ALTNAME_INVALID"];

/** Makes of what the store's client threw something that can be acted on. */
export function explainStoreFailure(
  error: unknown,
  bucket: "files" | "media-public" | "media-private",
  s3: S3Settings,
  /** What was asked of it, for a store that lacks that. */
  feature = "conditional PUT (If-None-Match: *)",
): unknown {
  if (error instanceof Ailment) return error;
  const names = namesIn(error);
  const has = (some: string[]) => some.some((name) => names.includes(name));
  if (has(["NotImplemented", "HTTP 501"])) {
    return new Ailment(
      `the store lacks ${feature}`,
      "Nothing can be uploaded without it. Use a store that has it, or a release of this one that does: docs/provision-r2.md lists them.",
    );
  }
  if (isPage(error) || has(behindProxy)) {
    const status = names.find((name) => name.startsWith("HTTP "));
    return noStore(s3, status && `: ${status}`);
  }
  const secure = findTlsFailure(names);
  if (secure) return new Ailment(`${s3.endpoint}: ${secure.finding}`, secure.remedy);
  // Before the silent ones: the SDK calls a broken connection a timeout.
  if (has(broken)) {
    return new Ailment(
      `${s3.endpoint} takes the connection and breaks it`,
      "Look whether that port wants TLS (then S3_ENDPOINT begins with https://), whether a firewall or a proxy cuts it off, and whether it is the store's S3 port.",
    );
  }
  if (has(silent)) {
    return new Ailment(
      `${s3.endpoint} takes the connection and does not answer`,
      "Look whether a firewall or a proxy holds requests back, and whether S3_ENDPOINT names the store's S3 port and not another service.",
    );
  }
  if (has(elsewhere)) {
    const region = regionIn(error);
    return new Ailment(
      `${nameOf(bucket, s3)} lies in ${region ? `the region ${region}` : "another region"}`,
      `${region ? `Set S3_REGION=${region}` : "Set S3_REGION to the bucket's region"}, and write S3_ENDPOINT with that region where the endpoint names one.`,
    );
  }
  if (has(full)) {
    return new Ailment(
      "the store is full",
      "Make room: delete what nobody needs, or give the store more disk or a greater quota. What is stored can still be read.",
    );
  }
  if (has(overloaded)) {
    return new Ailment(
      "the store is overloaded, and asks to be left alone for a while",
      "Try again in a minute. If it stays so, look at the store's own load and at the limits of its plan.",
    );
  }
  if (has(["NoSuchBucket"])) {
    return new Ailment(
      `there is no such bucket: ${nameOf(bucket, s3)}`,
      "Make it, or mend its name; infra/terraform makes both buckets (docs/provision-r2.md).",
    );
  }
  if (has(wrongSecret)) {
    return new Ailment(
      "the store does not accept the signature",
      "S3_SECRET_ACCESS_KEY does not belong to S3_ACCESS_KEY_ID, or S3_REGION is not the store's. Copy both keys anew, without spaces.",
    );
  }
  if (has(skewed)) {
    return new Ailment(
      "the store takes this machine's clock for wrong",
      "Set the clock, by NTP: signatures are good for a few minutes.",
    );
  }
  if (has(["AccessDenied", "Forbidden"])) {
    return new Ailment(
      `the key may not do this in ${nameOf(bucket, s3)}`,
      "Give it permission to read and write objects in both buckets: on R2, a token with Object Read & Write.",
    );
  }
  if (has(unknownKey)) {
    return new Ailment(
      "the store does not know the key",
      "Check S3_ACCESS_KEY_ID: on R2, make a token under R2, Manage API tokens, in the account of S3_ENDPOINT.",
    );
  }
  if (has(unreachable)) {
    return new Ailment(
      `${s3.endpoint} cannot be reached`,
      "Check S3_ENDPOINT and the network. R2's is https://<account>.r2.cloudflarestorage.com, with `.eu` after the account for a bucket in that jurisdiction.",
    );
  }
  return error;
}

function findTlsFailure(names: string[]): { finding: string; remedy: string } | null {
  if (names.some((name) => unknownIssuer.includes(name))) {
    return {
      finding: "its certificate is signed by nobody that this machine knows",
      remedy:
        "Give the store a certificate that browsers trust too, or name the issuer's in NODE_EXTRA_CA_CERTS for this server.",
    };
  }
  const wrong = names.find((name) => wrongCertificate.includes(name));
  if (wrong) {
    return {
      finding: `its certificate does not fit (${wrong})`,
      remedy:
        "It has expired, or was made for another host name: renew it, or write S3_ENDPOINT as the certificate says.",
    };
  }
  if (names.some((name) => name === "EPROTO" || name.startsWith("ERR_SSL_"))) {
    return {
      finding: "it does not speak TLS there",
      remedy:
        "Write http:// where the store has no TLS, or the port that has it: uploads from pages on https need https.",
    };
  }
  return null;
}

/**
 * How a store refused what was sent by a signed URL, as its client would have thrown it. A 403 is neither the key's matter nor
 * that of the CORS rule: what the server sent itself was taken a moment ago.
 */
export async function refusalOf(
  answer: Response,
  what: string,
  bucketName: string,
): Promise<Error> {
  const text = await answer.text().catch(() => "");
  const said = (name: string) => new RegExp(`<${name}>([\\w-]+)</${name}>`).exec(text)?.[1];
  const code = said("Code");
  const status = code ? `${answer.status} ${code}` : answer.status;
  const finding = `the store answered ${what} with ${status}`;
  if (answer.status === 403) {
    return new Ailment(
      finding,
      `It took the server's own, so neither the key nor CORS is the matter. Look whether a policy of ${bucketName}, a proxy or a firewall refuses signed URLs.`,
    );
  }
  return Object.assign(new Error(finding), {
    Code: code,
    Region: said("Region"),
    $metadata: { httpStatusCode: answer.status },
    $response: { headers: Object.fromEntries(answer.headers) },
  });
}

/** What the SDK kept of the answer of a store that was asked in the wrong region. */
function regionIn(error: unknown): string | null {
  for (const at of causesOf(error)) {
    const said: unknown = Reflect.get(at, "Region");
    if (typeof said === "string" && said) return said;
    const headers: unknown = Reflect.get(Object(Reflect.get(at, "$response")), "headers");
    const header: unknown = Reflect.get(Object(headers), "x-amz-bucket-region");
    if (typeof header === "string" && header) return header;
    const expected = /expecting '([\w-]+)'/.exec(at.message)?.[1];
    if (expected) return expected;
  }
  return null;
}

/** No store says HTML. */
function isPage(error: unknown): boolean {
  return causesOf(error).some((at) => {
    const headers: unknown = Reflect.get(Object(Reflect.get(at, "$response")), "headers");
    return String(Reflect.get(Object(headers), "content-type")).startsWith("text/html");
  });
}

/** Something else answers where the store should: a proxy's page, or a console. */
export function noStore({ endpoint }: S3Settings, how = ""): Ailment {
  return new Ailment(
    `${endpoint} answers as a web page or a proxy does, and not as a store${how}`,
    "Look whether a proxy stands there whose store is away, and whether S3_ENDPOINT names the store's S3 port, and not its console.",
  );
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

/** The names and codes of an error and of all that caused it. */
function namesIn(error: unknown): string[] {
  const names: string[] = [];
  for (const at of causesOf(error)) {
    names.push(at.name);
    for (const key of ["code", "Code"] as const) {
      const code: unknown = Reflect.get(at, key);
      if (typeof code === "string") names.push(code);
    }
    const status: unknown = Reflect.get(Object(Reflect.get(at, "$metadata")), "httpStatusCode");
    if (typeof status === "number") names.push(`HTTP ${status}`);
  }
  return names;
}
