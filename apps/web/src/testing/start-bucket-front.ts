import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What a bucket's owner may have set, rightly or wrongly. */
export interface BucketSettings {
  cors: { origins: string[]; methods: string[]; headers: string[]; expose: string[] } | null;
  /** How far the store's clock is ahead of ours. */
  clockAheadSeconds: number;
  /** Refuses a request with an S3 error, or a page, before the store sees it, breaks its connection, or never answers it. */
  refuse(request: IncomingMessage): Refusal | "silence" | "break" | null;
  /** The status and bytes that the media domain answers with for a key. */
  media(key: string): Promise<{ status: number; body: Uint8Array }>;
  /** Leaves out the ETag of what is put, as some proxies do. */
  hidesEtag: boolean;
}

type Refusal =
  | { status: number; code: string; more?: string; headers?: Record<string, string> }
  | { status: number; page: string };

export interface BucketFront {
  origin: string;
  settings: BucketSettings;
  close(): Promise<void>;
}

/** R2's simulator knows neither a bucket's CORS rule nor a media domain: this stands before it and adds both. */
export async function startBucketFront(target: string): Promise<BucketFront> {
  const { hostname, port } = new URL(target);
  const settings: BucketSettings = {
    cors: null,
    clockAheadSeconds: 0,
    refuse: () => null,
    media: async () => ({ status: 404, body: new Uint8Array() }),
    hidesEtag: false,
  };
  const server = createServer((request, response) => {
    response.setHeader("date", storeTime(settings).toUTCString());
    const path = request.url ?? "/";
    if (path.startsWith("/media/")) return void answerMedia(settings, path, response);
    for (const [name, value] of corsHeaders(settings, request)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const refusal = settings.refuse(request);
    if (refusal === "silence") return void request.resume();
    if (refusal === "break") return void request.socket.destroy();
    if (refusal) return void answerRefusal(refusal, request, response);
    // The simulator refuses what comes from other pages than its own.
    const {
      method,
      headers: { origin: _, ...headers },
    } = request;
    let isAnswered = false;
    // Each over a connection of its own: the simulator closes one whose body it did not read, perhaps as the next goes out.
    const onward = send({ hostname, port, path, method, headers, agent: false }, (answer) => {
      isAnswered = true;
      for (const [name, value] of Object.entries(answer.headers)) {
        const isOurs = name === "date" || name.startsWith("access-control-");
        const isHidden = isOurs || (name === "etag" && settings.hidesEtag);
        if (value !== undefined && !isHidden) response.setHeader(name, value);
      }
      response.writeHead(answer.statusCode ?? 502);
      answer.pipe(response);
    });
    onward.on("error", () => {
      if (!isAnswered) response.destroy();
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settings,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answerRefusal(refusal: Refusal, request: IncomingMessage, response: ServerResponse) {
  request.resume();
  response.setHeader("connection", "close");
  if ("page" in refusal) {
    response.writeHead(refusal.status, { "content-type": "text/html" });
    return response.end(refusal.page);
  }
  const { status, code, more = "", headers } = refusal;
  response.writeHead(status, { "content-type": "application/xml", ...headers });
  return response.end(`<Error><Code>${code}</Code><Message>no</Message>${more}</Error>`);
}

function storeTime({ clockAheadSeconds }: BucketSettings): Date {
  return new Date(Date.now() + clockAheadSeconds * 1000);
}

async function answerMedia(settings: BucketSettings, path: string, response: ServerResponse) {
  const { status, body } = await settings.media(path.slice("/media/".length));
  response.writeHead(status).end(body);
}

/** As R2 answers: only to an origin that a rule names, and what it exposes with the answer itself. */
function corsHeaders({ cors }: BucketSettings, { method, headers }: IncomingMessage) {
  if (!cors || !headers.origin || !cors.origins.includes(headers.origin)) return [];
  const allowed: [string, string][] = [["access-control-allow-origin", headers.origin]];
  return method === "OPTIONS"
    ? [
        ...allowed,
        ["access-control-allow-methods", cors.methods.join(", ")] as const,
        ["access-control-allow-headers", cors.headers.join(", ")] as const,
      ]
    : [...allowed, ["access-control-expose-headers", cors.expose.join(", ")] as const];
}
