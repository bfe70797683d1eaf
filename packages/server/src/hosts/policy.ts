import { limits } from "@fermata/contract";
import { uploadBounds } from "../bytes/upload-bounds";
import type { LimitClass } from "../limits/limit-classes";

/** What a request's body may hold, and how long it may take. */
export type BodyPolicy =
  | {
      maxBytes: number;
      /** Whatever it holds, it has to be here by then. */
      bound: "duration";
      idleSeconds: number;
      totalSeconds: number;
    }
  | {
      maxBytes: number;
      /** It may take as long as it needs, while bytes keep coming at this rate. */
      bound: "stall";
      idleSeconds: number;
      minBytesPerSecond: number;
    };

export interface RoutePolicy {
  /** Below the base path, or from the root with a slash before it. `:name` is one segment, `*` is whatever follows. */
  path: string;
  /** GET allows HEAD too, and every route answers a browser's preflight. */
  methods: readonly ("GET" | "POST" | "PUT" | "DELETE")[];
  /** At which of the server's origins it answers: its own, or also the one that files are shown on. */
  at: readonly ("own" | "files")[];
  /** Whose pages may read the answers: its own, or also those of the allowed origins. */
  readers: "own" | "allowed";
  /** What says who asks. */
  credentials:
    | "cookie or bearer"
    | "cookie"
    | "the URL"
    | "a signature"
    | "a token of its own"
    | "none";
  body: BodyPolicy | null;
  /** Which limit counts the requests, where the procedures that are called do not say it. */
  limit: LimitClass | null;
  /**
   * Where more comes in than the process can answer: whether a request waits for its turn and may be refused (503), or is
   * answered all the same.
   */
  whenBusy: "waits" | "answered";
  /** On every answer of the route. */
  headers: Readonly<Record<string, string>>;
  /** The URL itself is a right, so it is never logged. */
  isSecret: boolean;
  purpose: string;
}

const json: BodyPolicy = {
  maxBytes: limits.jsonBodyBytes,
  bound: "duration",
  idleSeconds: 30,
  totalSeconds: 60,
};
const upload = { bound: "stall", ...uploadBounds } as const;

const noSniff = { "x-content-type-options": "nosniff" };
const noStore = { ...noSniff, "cache-control": "no-store" };

/** Pages of the sign-in library: they load nothing and send forms to this server alone. */
const barePage =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/**
 * Every route of every host, and what it allows: asked before any of them runs. A route without a line here does not
 * compile. docs/hosts.md is printed from it.
 */
export const policy = {
  trpc: {
    path: "trpc/*",
    methods: ["GET", "POST"],
    at: ["own"],
    readers: "allowed",
    credentials: "cookie or bearer",
    body: json,
    limit: null,
    whenBusy: "waits",
    headers: noStore,
    isSecret: false,
    purpose: "Every procedure. Its limits are those of the procedures' classes.",
  },
  file: {
    path: "files/:storageId",
    methods: ["GET"],
    at: ["own", "files"],
    readers: "allowed",
    credentials: "the URL",
    body: null,
    limit: "bytes",
    whenBusy: "waits",
    headers: noSniff,
    isSecret: false,
    purpose: "A stored file, or a smaller copy of an image.",
  },
  upload: {
    path: "files/upload/:token",
    methods: ["POST"],
    at: ["own"],
    readers: "allowed",
    credentials: "the URL",
    body: { ...upload, maxBytes: limits.files.maxBytes },
    limit: "uploads",
    whenBusy: "waits",
    headers: noStore,
    isSecret: true,
    purpose: "Takes one file, once.",
  },
  media: {
    path: "media/upload",
    methods: ["POST"],
    at: ["own"],
    readers: "allowed",
    credentials: "cookie or bearer",
    body: { ...upload, maxBytes: limits.storage.directBytes },
    limit: "uploads",
    whenBusy: "waits",
    headers: noStore,
    isSecret: false,
    purpose:
      "Takes media whole, in one request: for the disk store, or passed on to S3, and then up to 4 MiB.",
  },
  firstPart: {
    path: "media/part",
    methods: ["POST"],
    at: ["own"],
    readers: "allowed",
    credentials: "cookie or bearer",
    body: { ...upload, maxBytes: limits.storage.firstPartBytes },
    limit: "uploads",
    whenBusy: "waits",
    headers: noStore,
    isSecret: false,
    purpose:
      "Takes the first part of an upload to the disk store that is being opened, before there is a URL for it.",
  },
  objects: {
    path: "objects/*",
    methods: ["GET", "PUT"],
    at: ["own"],
    readers: "allowed",
    credentials: "the URL",
    body: { ...upload, maxBytes: limits.storage.maxSinglePutBytes },
    limit: "bytes",
    whenBusy: "waits",
    headers: noSniff,
    isSecret: false,
    purpose: "Media of the disk store: parts and whole objects in, ranges out.",
  },
  auth: {
    path: "auth/*",
    methods: ["GET", "POST"],
    at: ["own"],
    readers: "own",
    credentials: "cookie",
    body: { ...json, maxBytes: 64 * 1024 },
    limit: "pages",
    whenBusy: "waits",
    headers: { ...noStore, "content-security-policy": barePage },
    isSecret: false,
    purpose: "Signing in and out, where the app hosts it here.",
  },
  inngest: {
    path: "inngest",
    methods: ["GET", "POST", "PUT"],
    at: ["own"],
    readers: "own",
    credentials: "a signature",
    body: { ...json, maxBytes: 4 * 1024 * 1024 },
    limit: null,
    whenBusy: "answered",
    headers: noStore,
    isSecret: false,
    purpose: "Runs jobs, for an engine that signs its calls.",
  },
  openapi: {
    path: "openapi.json",
    methods: ["GET"],
    at: ["own"],
    readers: "allowed",
    credentials: "none",
    body: null,
    limit: "pages",
    whenBusy: "answered",
    headers: { ...noSniff, "cache-control": "public, max-age=300" },
    isSecret: false,
    purpose: "Every procedure as OpenAPI 3.1, for clients in other languages.",
  },
  health: {
    path: "health",
    methods: ["GET"],
    at: ["own"],
    readers: "allowed",
    credentials: "none",
    body: null,
    limit: null,
    whenBusy: "answered",
    headers: noStore,
    isSecret: false,
    purpose: "Whether the process lives.",
  },
  ready: {
    path: "ready",
    methods: ["GET"],
    at: ["own"],
    readers: "allowed",
    credentials: "none",
    body: null,
    limit: "pages",
    whenBusy: "answered",
    headers: noStore,
    isSecret: false,
    purpose: "Whether it can serve: the database, its migrations and the store.",
  },
  metrics: {
    path: "metrics",
    methods: ["GET"],
    at: ["own"],
    readers: "own",
    credentials: "a token of its own",
    body: null,
    limit: "pages",
    whenBusy: "answered",
    headers: noStore,
    isSecret: false,
    purpose: "Figures for Prometheus, also at `/metrics`; 404 where no token is set.",
  },
  pages: {
    path: "/*",
    methods: ["GET", "POST"],
    at: ["own"],
    readers: "own",
    credentials: "cookie",
    body: json,
    limit: "pages",
    whenBusy: "answered",
    headers: noSniff,
    isSecret: false,
    purpose: "The app's own pages: whatever is not below the base path.",
  },
} as const satisfies Record<string, RoutePolicy>;

export type RouteName = keyof typeof policy;
/** What is answered here; pages are the app's. */
export type ApiRoute = Exclude<RouteName, "pages">;
