import { auth } from "@fermata/contract";
import { type Allowance, limitNames } from "@fermata/server/limits/limit-classes";
import { z } from "zod";

/** One variable: what it is for and an example, for whoever sees it missing. */
interface Doc {
  purpose: string;
  example: string;
}

const docs = z.registry<Doc>();

function variable<T extends z.ZodType>(schema: T, purpose: string, example: string): T {
  docs.add(schema, { purpose, example });
  return schema;
}

const origin = z
  .url({ protocol: /^https?$/, hostname: /.*/ })
  .transform((text) => new URL(text).origin);
const flag = z
  .enum(["0", "1", "true", "false"])
  .transform((text) => text === "1" || text === "true");
const proxyHops = z
  .string()
  .regex(/^(true|false|\d{1,2})$/, "a number of proxies, true or false")
  .transform((text) => (text === "true" ? 1 : text === "false" ? 0 : Number(text)));
/** `class.subject=perSecond/burst`, comma-separated. */
const rateLimits = z.string().transform((text, { addIssue }) => {
  const overrides: Record<string, Allowance> = {};
  for (const item of text.split(",").filter((part) => part.trim() !== "")) {
    const [, name = "", perSecond, burst] =
      /^\s*([a-z]+\.[a-z]+)\s*=\s*(\d+(?:\.\d+)?)\/(\d+)\s*$/.exec(item) ?? [];
    if (limitNames.includes(name) && Number(perSecond) > 0 && Number(burst) > 0) {
      overrides[name] = { perSecond: Number(perSecond), burst: Number(burst) };
    } else {
      addIssue(`"${item.trim()}" is not one of ${limitNames.join(", ")} with =perSecond/burst`);
    }
  }
  return overrides;
});
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean),
);
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "a postgresql:// URL")
  .refine(
    isReadableUrl,
    "a URL in whose user and password @ : / ? # % are written as %40 %3A %2F %3F %23 %25",
  );
const bytes = z.coerce.number().int().positive();
const secret = z.string().min(32, "at least 32 characters");

export const schema = z.object({
  NODE_ENV: variable(
    z.enum(["development", "production", "test"]).default("production"),
    "How strict to be: production refuses development conveniences.",
    "production",
  ),
  LOG_LEVEL: variable(
    z.enum(["debug", "info", "warn", "error", "silent"]).default("warn"),
    "The least severe line that is logged.",
    "info",
  ),
  PORT: variable(
    z.coerce.number().int().min(0).max(65_535).default(3000),
    "Where the server listens. The next free port is taken when it is in use.",
    "3000",
  ),
  HOST: variable(
    z.string().default("127.0.0.1"),
    "The address it listens on; 0.0.0.0 for all.",
    "127.0.0.1",
  ),
  FERMATA_DATA: variable(
    z.string().default(".fermata"),
    "Where the embedded database, files and secrets are kept.",
    "/var/lib/fermata",
  ),
  FERMATA_PUBLIC_URL: variable(
    origin.optional(),
    "The origin that browsers use, for absolute URLs behind a proxy.",
    "https://studio.example.com",
  ),
  FERMATA_FILES_ORIGIN: variable(
    origin.optional(),
    "A second origin that leads to this server, where files are shown and nothing else is.",
    "https://files.example.com",
  ),
  FERMATA_ALLOWED_ORIGINS: variable(
    list.pipe(z.array(origin)).default([]),
    "Origins of frontends elsewhere that may call this API with a bearer token, comma-separated.",
    "https://mirror.example.com",
  ),
  MIRROR_URL: variable(
    z
      .url({ protocol: /^https?$/, hostname: /.*/ })
      .transform((text) => text.replace(/[?#].*$/, ""))
      .optional(),
    "Where people reach Piano Mirror, when it is not at the address that the start prints. Its origin may call this API.",
    "https://mirror.example.com",
  ),
  FERMATA_TRUST_PROXY: variable(
    proxyHops.default(0),
    "How many proxies stand before this server, whose X-Forwarded-For, -Host and -Proto are believed; true means 1.",
    "1",
  ),
  FERMATA_RATE_LIMITS: variable(
    rateLimits.prefault(""),
    "Other rate limits than docs/hosts.md lists: class.subject=perSecond/burst, comma-separated.",
    "reads.network=800/20000,writes.user=20/500",
  ),
  VERCEL: variable(
    flag.default(false),
    "Set by Vercel itself, which then says who a client is in a header of its own.",
    "1",
  ),
  VERCEL_ENV: variable(
    z.string().optional(),
    "Set by Vercel itself. A preview keeps to a schema and a folder of the buckets of its own.",
    "preview",
  ),
  VERCEL_GIT_COMMIT_REF: variable(
    z.string().optional(),
    "Set by Vercel itself: the branch, by which a preview's schema and folder are called.",
    "blue-keys",
  ),
  FERMATA_CONSOLE: variable(
    flag.default(false),
    "The console on the data of an app that mounts Fermata, on loopback and by a link that works once: at DATABASE_URL and the S3_* variables or FERMATA_FILES, or as FERMATA_APP says.",
    "1",
  ),
  FERMATA_APP: variable(
    z.string().optional(),
    "For the console: the app's file that calls createFermataServer, which knows its store, its users' names and its jobs.",
    "../shop/src/fermata.ts",
  ),
  FERMATA_SCHEMA: variable(
    z.string().default("fermata"),
    "For the console: the PostgreSQL schema of the app's Fermata.",
    "fermata",
  ),
  FERMATA_FILES: variable(
    z.string().optional(),
    "For the console: the directory of the app's disk store.",
    "../shop/.fermata",
  ),
  FERMATA_ADMIN_EMAIL: variable(
    z.email().default("admin@fermata.local"),
    "The first admin's address, used when there is no user yet.",
    "maja@example.com",
  ),
  FERMATA_ADMIN_PASSWORD: variable(
    auth.signUp.input.shape.password.optional(),
    "The first admin's password, instead of a one-time password that is printed.",
    "a sentence that nobody guesses",
  ),
  FERMATA_SECRET: variable(
    secret,
    "Signs the URLs of files and media. Made at first start where data are embedded.",
    "openssl rand -base64 48",
  ),
  FERMATA_METRICS_TOKEN: variable(
    z
      .string()
      .regex(/^\S{16,}$/, "at least 16 characters, and no blanks")
      .optional(),
    "What Prometheus sends as a bearer to /metrics. Without it there are no metrics.",
    "openssl rand -base64 24",
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(
    z.url().optional(),
    "Where traces and metrics are sent, by OTLP over HTTP. Without it, or one of a signal's own, nothing is.",
    "http://127.0.0.1:4318",
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: variable(
    z.url().optional(),
    "Where traces are sent, with the whole path, when elsewhere.",
    "http://127.0.0.1:4318/v1/traces",
  ),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: variable(
    z.url().optional(),
    "Where metrics are sent, with the whole path, when elsewhere.",
    "http://127.0.0.1:4318/v1/metrics",
  ),
  OTEL_EXPORTER_OTLP_PROTOCOL: variable(
    z.enum(["http/protobuf", "http/json"], "http/protobuf or http/json").optional(),
    "How they are written. OpenTelemetry's other OTEL_ variables (headers, sampling, batches) count as well.",
    "http/protobuf",
  ),
  OTEL_SERVICE_NAME: variable(
    z.string().optional(),
    "What this server is called there; fermata unless it is set.",
    "studio",
  ),
  OTEL_TRACES_EXPORTER: variable(
    z.enum(["otlp", "none"]).optional(),
    "none sends no traces.",
    "none",
  ),
  OTEL_METRICS_EXPORTER: variable(
    z.enum(["otlp", "none"]).optional(),
    "none sends no metrics.",
    "none",
  ),
  OTEL_METRIC_EXPORT_INTERVAL: variable(
    z.coerce.number().int().min(100).default(60_000),
    "How often metrics are sent, in milliseconds.",
    "60000",
  ),
  OTEL_SDK_DISABLED: variable(
    z
      .string()
      .transform((text) => text.toLowerCase() === "true")
      .default(false),
    "true sends nothing, whatever else is set.",
    "true",
  ),
  FERMATA_SESSION_DAYS: variable(
    z.coerce.number().int().min(1).max(365).default(30),
    "How long a sign-in lasts, in days.",
    "30",
  ),
  FERMATA_FILES_QUOTA_BYTES: variable(
    bytes.default(1024 ** 3),
    "How much one user may keep as files.",
    "1073741824",
  ),
  FERMATA_MEDIA_QUOTA_BYTES: variable(
    bytes.default(100 * 1024 ** 3),
    "How much one user may keep as media.",
    "107374182400",
  ),
  FERMATA_MAX_BODY_BYTES: variable(
    bytes.optional(),
    "What of a request's body the host or proxy before this server lets through, where that is less than 5 MiB. Left out on Vercel: 4500000.",
    "1048576",
  ),
  FERMATA_PASS_ON_BYTES: variable(
    z.coerce.number().int().min(0).optional(),
    "Photos and clips up to this size go through this server to an S3 store, in one request; 4 MiB at most, which is the default. 0: all media go straight to the store.",
    "4194304",
  ),
  DATABASE_URL: variable(
    postgresUrl,
    "Your PostgreSQL, instead of the embedded one.",
    "postgresql://fermata:password@db.example.com:5432/fermata",
  ),
  DATABASE_DIRECT_URL: variable(
    postgresUrl.optional(),
    "The same database without a transaction pooler: for migrations, locks, and LISTEN, which is silent behind one.",
    "postgresql://fermata:password@db.example.com:5432/fermata",
  ),
  DATABASE_POOL_SIZE: variable(
    z.coerce.number().int().min(1).max(200).default(10),
    "Connections that one process holds at most.",
    "10",
  ),
  DATABASE_STATEMENT_NAMES: variable(
    z.enum(["auto", "on", "off"]).default("auto"),
    "Whether statements are prepared under names. By itself it is off where a transaction pooler is noticed.",
    "off",
  ),
  NEXTAUTH_SECRET: variable(
    secret,
    "Protects the sign-in forms' cookies. Made at first start where data are embedded.",
    "openssl rand -base64 48",
  ),
  GITHUB_CLIENT_ID: variable(z.string().optional(), "Sign-in with GitHub.", "Ov23liexample"),
  GITHUB_CLIENT_SECRET: variable(z.string().optional(), "Sign-in with GitHub.", "a secret"),
  GOOGLE_CLIENT_ID: variable(
    z.string().optional(),
    "Sign-in with Google.",
    "1234.apps.googleusercontent.com",
  ),
  GOOGLE_CLIENT_SECRET: variable(z.string().optional(), "Sign-in with Google.", "a secret"),
  S3_ENDPOINT: variable(
    z.url().optional(),
    "The S3 endpoint of R2 or any other store, instead of the disk.",
    "https://<account>.r2.cloudflarestorage.com",
  ),
  S3_REGION: variable(z.string().default("auto"), "The store's region; R2 says auto.", "auto"),
  S3_ACCESS_KEY_ID: variable(z.string().optional(), "The store's key id.", "0123abcd"),
  S3_SECRET_ACCESS_KEY: variable(
    z.string().optional(),
    "The store's secret. It never leaves the server.",
    "a secret",
  ),
  S3_PUBLIC_BUCKET: variable(
    z.string().optional(),
    "The bucket that the media domain reads.",
    "studio-media",
  ),
  S3_PRIVATE_BUCKET: variable(
    z.string().optional(),
    "The bucket that no domain reads: private media and files.",
    "studio-private",
  ),
  S3_PUBLIC_URL: variable(
    z.url().optional(),
    "The media domain over the public bucket.",
    "https://media.example.com",
  ),
  S3_FORCE_PATH_STYLE: variable(
    flag.default(true),
    "Put the bucket in the path: R2, MinIO and Ceph want it; AWS does not.",
    "1",
  ),
  S3_KEY_PREFIX: variable(
    z
      .string()
      .regex(/^(?:[\w-]+\/)+$/, "letters, digits, - and _, with a / at the end")
      .optional(),
    "A folder in the buckets in which all of it lies, for several installations on one pair of buckets.",
    "previews/",
  ),
  BACKUP_S3_ENDPOINT: variable(
    z.url().optional(),
    "The S3 endpoint of the bucket that backups go to, where it is not the store's.",
    "https://<account>.r2.cloudflarestorage.com",
  ),
  BACKUP_S3_REGION: variable(z.string().optional(), "Its region.", "auto"),
  BACKUP_S3_ACCESS_KEY_ID: variable(z.string().optional(), "Its key id.", "0123abcd"),
  BACKUP_S3_SECRET_ACCESS_KEY: variable(z.string().optional(), "Its secret.", "a secret"),
  INNGEST_EVENT_KEY: variable(z.string().optional(), "Sends events to Inngest.", "a key"),
  INNGEST_SIGNING_KEY: variable(
    z
      .string()
      .regex(
        /^(signkey-\w+-)?([0-9a-f]{2})+$/i,
        "hexadecimal digits, an even number of them, with or without signkey-<environment>- before them",
      )
      .optional(),
    "Proves that calls to /api/inngest come from Inngest.",
    "signkey-prod-0123abcd",
  ),
  INNGEST_BASE_URL: variable(
    z.url().optional(),
    "A self-hosted Inngest, or its dev server.",
    "http://127.0.0.1:8288",
  ),
  INNGEST_APP_ID: variable(
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, "letters, digits, - and _, at most 63")
      .default("fermata"),
    "What this installation is called in Inngest. Two of them on one Inngest need two names.",
    "fermata",
  ),
  INNGEST_PLAN_EXECUTIONS: variable(
    z.coerce.number().int().positive().default(50_000),
    "How many executions a month your plan at Inngest Cloud has: the Crons page counts against it. The free one has 50,000.",
    "50000",
  ),
  INNGEST_DEV: variable(
    flag.default(false),
    "Accept unsigned calls from the Inngest dev server. Refused in production.",
    "1",
  ),
  CLOUDFLARE_TURN_KEY_ID: variable(
    z.string().optional(),
    "The TURN key of Cloudflare Realtime.",
    "0123abcd",
  ),
  CLOUDFLARE_TURN_TOKEN_ID: variable(
    z.string().optional(),
    "Another name for CLOUDFLARE_TURN_KEY_ID: Cloudflare calls it the TURN token's id, too.",
    "0123abcd",
  ),
  CLOUDFLARE_TURN_API_TOKEN: variable(
    z.string().optional(),
    "Mints credentials for that key.",
    "a secret",
  ),
  TURN_URLS: variable(
    list.optional(),
    "A relay with one fixed user name and password for everybody.",
    "turn:turn.example.com:3478?transport=udp",
  ),
  TURN_USERNAME: variable(z.string().optional(), "The relay's user name.", "studio"),
  TURN_CREDENTIAL: variable(z.string().optional(), "The relay's password.", "a password"),
  COTURN_URLS: variable(
    list.optional(),
    "Your own coturn, comma-separated.",
    "turn:turn.example.com:3478?transport=udp",
  ),
  COTURN_SECRET: variable(
    z.string().optional(),
    "coturn's static-auth-secret (use-auth-secret).",
    "a secret",
  ),
  STUN_URLS: variable(
    list.optional(),
    "STUN servers, comma-separated, instead of Cloudflare's.",
    "stun:stun.example.com:3478",
  ),
  LARK_WEBHOOK_URL: variable(
    z.url().optional(),
    "A Lark custom bot: the daily digest and failing jobs go there.",
    "https://open.larksuite.com/open-apis/bot/v2/hook/…",
  ),
  LARK_TOKEN: variable(
    z
      .string()
      .regex(/^[\w-]+$/, "the token alone: a whole address belongs in LARK_WEBHOOK_URL")
      .optional(),
    "The token of a Lark custom bot's hook: what stands last in its address. Feishu's bots need LARK_WEBHOOK_URL.",
    "1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901",
  ),
  LARK_WEBHOOK_SECRET: variable(
    z.string().optional(),
    "The bot's signature secret, where it is set.",
    "a secret",
  ),
  FERMATA_WEBHOOK_URL: variable(
    z.url({ protocol: /^https?$/ }).optional(),
    "An address that gets what people should know as JSON: failing jobs, the daily digest.",
    "https://hooks.example.com/fermata",
  ),
  FERMATA_WEBHOOK_SECRET: variable(
    z.string().optional(),
    "Signs what FERMATA_WEBHOOK_URL gets, as Standard Webhooks says.",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  ),
  SMTP_URL: variable(
    z.url({ protocol: /^smtps?$/ }).optional(),
    "Sends by mail what people should know: failing jobs, what an operator must do, the daily digest.",
    "smtp://user:password@smtp.example.com:587",
  ),
  FERMATA_MAIL_FROM: variable(
    z.string().includes("@").optional(),
    "Whom such mail is from.",
    "Studio <fermata@example.com>",
  ),
  FERMATA_MAIL_TO: variable(
    list.optional(),
    "Who gets it, comma-separated.",
    "maja@example.com,tom@example.com",
  ),
});

export type Env = z.infer<typeof schema>;

/** Every variable with its purpose, in the order of the reference. */
export const variables = Object.entries(schema.shape).map(([name, field]) => {
  const doc = docs.get(field);
  if (!doc) throw new Error(`${name} has no documentation`);
  return { name, ...doc };
});

/** Whether a password with signs of its own was written as URLs have it. */
function isReadableUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
