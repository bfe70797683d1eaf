import { type FermataErrorCode, toFermataError } from "@fermata/api";
import { formatBytes } from "./format";

export interface FailureText {
  /** The cause, in a few words. */
  title: string;
  /** What is safe, and the remedy. */
  body: string;
  /** Only where the log knows more than the reader. */
  requestId?: string;
}

const texts: Record<FermataErrorCode, Omit<FailureText, "requestId">> = {
  UNAUTHENTICATED: { title: "You are signed out", body: "Nothing was changed. Sign in again." },
  FORBIDDEN: {
    title: "This is not yours to change",
    body: "Nothing was changed. An admin can do it.",
  },
  NOT_FOUND: { title: "It is gone", body: "Somebody deleted it, or it expired." },
  INVALID_INPUT: { title: "Not accepted", body: "Nothing was changed." },
  PAYLOAD_TOO_LARGE: { title: "Too large", body: "Nothing was stored." },
  UNSUPPORTED_MEDIA_TYPE: {
    title: "This type is not accepted",
    body: "Or its bytes are of another type than its name says. Nothing was stored.",
  },
  CHECKSUM_MISMATCH: {
    title: "The bytes changed on the way",
    body: "Nothing was stored. Try again.",
  },
  UPLOAD_EXPIRED: { title: "The upload link expired", body: "Nothing was stored. Try again." },
  UPLOAD_ALREADY_USED: {
    title: "This upload went through before",
    body: "The first one is stored.",
  },
  UPLOAD_INCOMPLETE: { title: "Some bytes are missing", body: "Nothing was stored. Try again." },
  QUOTA_EXCEEDED: {
    title: "Storage is full",
    body: "What is stored is safe. Delete something, then try again.",
  },
  RATE_LIMITED: {
    title: "Too many requests",
    body: "Nothing is lost. Wait a moment, then try again.",
  },
  CONFLICT: { title: "Somebody was faster", body: "Look at what is there now, then try again." },
  ROOM_FULL: { title: "The room is full", body: "Wait until somebody leaves." },
  ROOM_CLOSED: { title: "The room is closed", body: "Open a new one." },
  UPSTREAM_UNAVAILABLE: {
    title: "The server did not answer",
    body: "What is stored is safe. Try again in a moment.",
  },
  INTERNAL: { title: "Something failed on the server", body: "What is stored is safe. Try again." },
  NETWORK: {
    title: "The server cannot be reached",
    body: "What is stored is safe. Check the connection, then try again.",
  },
  CHANNEL_FULL: {
    title: "The line is behind",
    body: "More waits to go out than it takes. Wait a moment, then go on.",
  },
  ABORTED: { title: "Cancelled", body: "Nothing was stored." },
};

/** Codes whose own message says it better than we could: it names the field or the limit. */
const speakForThemselves: FermataErrorCode[] = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "CONFLICT",
  "UNSUPPORTED_MEDIA_TYPE",
];

/** What stands between this page and the store, by the `reason` that the client found; its message tells the remedy. */
const betweenUs: Record<string, string> = {
  cors: "The store does not let this page upload",
  store: "The store cannot be reached",
  clock: "The server's clock is wrong",
  proxy: "A proxy refuses what is so large",
};

/** Any failure in words: the cause, what is safe, one remedy. */
export function describeFailure(error: unknown): FailureText {
  const failure = toFermataError(error);
  const text = texts[failure.code];
  const { reason } = failure.details ?? {};
  if (typeof reason === "string" && reason in betweenUs) {
    return { ...text, title: betweenUs[reason] ?? text.title, body: asSentence(failure.message) };
  }
  const { limitBytes, sizeBytes, pixels, maxPixels } = failure.details ?? {};
  if (typeof pixels === "number" && typeof maxPixels === "number") {
    const most = `At most ${megapixels(maxPixels)}: save it smaller, then try again.`;
    return { title: "Too many pixels", body: `It has ${megapixels(pixels)}. ${most}` };
  }
  if (failure.code === "PAYLOAD_TOO_LARGE" && typeof limitBytes === "number") {
    const size = typeof sizeBytes === "number" ? `${formatBytes(sizeBytes)}. ` : "";
    return { ...text, body: `${size}At most ${formatBytes(limitBytes)} a file.` };
  }
  const says = failure.message && !failure.message.startsWith(text.title);
  if (speakForThemselves.includes(failure.code) && says) {
    return { ...text, body: asSentence(readable(failure.message) ?? text.body) };
  }
  return failure.code === "INTERNAL" ? { ...text, requestId: failure.requestId } : text;
}

function megapixels(pixels: number): string {
  return `${Math.round(pixels / 1e6)} megapixels`;
}

/** A validation failure carries zod's issues as JSON: the first one's sentence is shown. */
function readable(message: string): string | null {
  if (!message.startsWith("[")) return message;
  try {
    const issues = JSON.parse(message) as { message?: string }[];
    return issues[0]?.message ?? null;
  } catch {
    return null;
  }
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
