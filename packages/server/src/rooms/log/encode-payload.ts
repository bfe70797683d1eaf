import { limits } from "@fermata/contract";
import { AppError } from "../../ground/errors";

/** Deeper than any message has reason to be, shallow enough for every parser on the way. */
const maxDepth = 100;

/**
 * A payload as the JSON that is stored.
 * @throws AppError PAYLOAD_TOO_LARGE above `limits.signaling.payloadBytes`, INVALID_INPUT when it cannot be kept as it is
 */
export function encodePayload(payload: unknown): string {
  const json = stringify(payload);
  const sizeBytes = Buffer.byteLength(json);
  const limitBytes = limits.signaling.payloadBytes;
  if (sizeBytes > limitBytes) throw new AppError("PAYLOAD_TOO_LARGE", { sizeBytes, limitBytes });
  if (depthOf(json) > maxDepth) throw unfit(`nested deeper than ${maxDepth}`);
  // PostgreSQL's text holds no NUL and no half of a surrogate pair; JSON escapes both.
  if (json.includes("\\u") && /(?<!\\)(\\\\)*\\u(0000|d[89a-f])/i.test(json)) {
    throw unfit("holds a NUL or half a character");
  }
  return json;
}

function stringify(payload: unknown): string {
  try {
    return JSON.stringify(payload ?? null);
  } catch {
    throw unfit(`nested deeper than ${maxDepth}`);
  }
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index++) {
    const char = json[index];
    if (isInString) {
      if (char === "\\") index++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === "]" || char === "}") depth--;
  }
  return deepest;
}

function unfit(message: string): AppError {
  return new AppError("INVALID_INPUT", { issues: [{ path: "messages.payload", message }] });
}
