export type SignalKind = "offer" | "answer" | "candidates";

/** What goes from page to page, addressed from one connection object to another. */
export interface SignalBody {
  me: string;
  /** Null in an offer that starts afresh. */
  you: string | null;
  /** Names an offer; its answer names it again, since one that comes late answers an offer that was given up. */
  offerId?: string;
  sdp?: string;
  /** In the place of a description that is too long for one message: its parts come one after the other. */
  part?: { index: number; count: number; text: string };
  /** In the place of an answer: the offer could not be taken, and why. */
  refusal?: string;
  candidates?: RTCIceCandidateInit[];
}

const most = { idChars: 64, sdpChars: 512 * 1024, textChars: 1_000, candidates: 200, parts: 64 };

/** Reads what a peer sent, which may be anything. Null for what makes no sense, or would cost too much. */
export function readSignal(data: unknown): (SignalBody & { seen: string }) | null {
  if (!isRecord(data) || !isShort(data.me)) return null;
  const you = data.you ?? null;
  if (you !== null && !isShort(you)) return null;
  const { sdp, offerId, refusal, candidates } = data;
  const part = readPart(data.part);
  return {
    me: data.me,
    you,
    seen: typeof data.seen === "string" ? data.seen : "",
    ...(isShort(offerId) && { offerId }),
    ...(typeof sdp === "string" && sdp.length <= most.sdpChars && { sdp }),
    ...(part && { part }),
    ...(typeof refusal === "string" && { refusal: refusal.slice(0, most.textChars) }),
    ...(Array.isArray(candidates) && {
      candidates: candidates.slice(0, most.candidates).filter(isCandidate),
    }),
  };
}

function readPart(value: unknown): SignalBody["part"] | null {
  if (!isRecord(value)) return null;
  const { index, count, text } = value;
  if (typeof index !== "number" || typeof count !== "number" || typeof text !== "string") {
    return null;
  }
  const fits = Number.isInteger(index) && index >= 0 && index < count && count <= most.parts;
  return fits ? { index, count, text } : null;
}

function isShort(value: unknown): value is string {
  return typeof value === "string" && value.length <= most.idChars;
}

function isCandidate(value: unknown): value is RTCIceCandidateInit {
  return isRecord(value) && typeof value.candidate === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
