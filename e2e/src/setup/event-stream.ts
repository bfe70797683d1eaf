import type { Target } from "./targets";

export interface StreamEvent {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: the wire has no types, and these tests are about the wire.
  data: any;
}

/** One event stream as it came over the wire. */
export interface EventStream {
  /** What came so far. */
  events: StreamEvent[];
  /** The appCode that refused or ended the stream, `"ended"` for an end without one, null while it is open. */
  end: string | null;
  /** Whether the server said that it is complete: a client never resumes after that. */
  complete: boolean;
  close(): void;
}

/** Follows a subscription without a client: exactly what the server sends. Resolves once the server has answered. */
export async function openStream(
  target: Target,
  path: string,
  input: unknown,
  token?: string,
): Promise<EventStream> {
  const url = new URL(`/api/trpc/${path}`, target.baseUrl);
  url.searchParams.set("input", JSON.stringify(input));
  const abort = new AbortController();
  const response = await fetch(url, {
    headers: {
      accept: "text/event-stream",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    signal: abort.signal,
  });
  const stream: EventStream = {
    events: [],
    end: null,
    complete: false,
    close: () => abort.abort(),
  };
  if (!response.ok || !response.body) {
    const body = await response.json();
    stream.end = body.error?.data?.appCode ?? "ended";
    return stream;
  }
  read(stream, response.body).then(
    () => {
      stream.end ??= "ended";
    },
    () => {
      stream.end ??= "ended";
    },
  );
  return stream;
}

async function read(stream: EventStream, body: ReadableStream<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) take(stream, block);
  }
}

function take(stream: EventStream, block: string): void {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name) fields.set(name, value);
  }
  const event = fields.get("event") ?? "message";
  const data = fields.has("data") ? JSON.parse(fields.get("data") || "null") : undefined;
  if (event === "message" && data !== undefined) {
    stream.events.push({ id: fields.get("id") ?? "", data });
  } else if (event === "serialized-error") {
    stream.end = data?.data?.appCode ?? "ended";
  } else if (event === "return") {
    stream.complete = true;
  }
}
