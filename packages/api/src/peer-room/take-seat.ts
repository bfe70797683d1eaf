import type { Peer } from "@fermata/contract";
import { type FermataError, toFermataError } from "../api-error";
import type { Fermata } from "../create-fermata";
import { backoffMs } from "./backoff";
import { retryAfterMs } from "./outbox";

export interface Seat {
  peerId: string;
  roomToken: string;
  resumeToken: string;
  polite: boolean;
  /** When this participant first came; null when nobody here is equally polite, so that it does not matter. */
  joinedAt: string | null;
  peers: Peer[];
  cursor: string;
}

export interface SeatRequest {
  client: Fermata;
  roomId: string;
  inviteToken?: string;
  displayName: string;
  resumeToken?: string;
  isCancelled(): boolean;
  /** The server cannot be reached, and is tried again. */
  onDelay(error: FermataError): void;
}

/** A seat whose answer never arrived is held for two minutes; until then the room may look full to whom it belongs. */
const ghostMs = 150_000;

/**
 * Joins, as often as it takes for an answer.
 * @throws FermataError the server's refusal, or the last failure once cancelled
 */
export async function takeSeat(request: SeatRequest): Promise<Seat> {
  const { client, roomId, inviteToken, displayName, resumeToken } = request;
  let lostAnswerAt: number | null = null;
  const seat = await insist(request, {
    attempt: () =>
      client.trpc.signaling.join.mutate({ roomId, inviteToken, displayName, resumeToken }),
    mayPass: ({ code }) => {
      if (code === "NETWORK") lostAnswerAt = Date.now();
      return code === "ROOM_FULL" && lostAnswerAt !== null && Date.now() - lostAnswerAt < ghostMs;
    },
  });
  if (!seat.peers.some(({ polite }) => polite === seat.polite)) return { ...seat, joinedAt: null };

  const { trpc } = client.as(seat.roomToken);
  const { peers } = await insist(request, {
    attempt: () => trpc.signaling.peers.query({ roomId }),
  });
  const joinedAt = peers.find(({ peerId }) => peerId === seat.peerId)?.joinedAt ?? null;
  return { ...seat, joinedAt };
}

async function insist<T>(
  { isCancelled, onDelay }: SeatRequest,
  { attempt, mayPass }: { attempt(): Promise<T>; mayPass?(error: FermataError): boolean },
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toFermataError(thrown);
      const isTransient = mayPass?.(error) || isPassing(error);
      if (!isTransient || isCancelled()) throw error;
      onDelay(error);
      await new Promise((resolve) =>
        setTimeout(resolve, retryAfterMs(error) ?? backoffMs(failures)),
      );
      if (isCancelled()) throw error;
    }
  }
}

/** Whether the same request can succeed later. */
export function isPassing({ code }: FermataError): boolean {
  return ["NETWORK", "UPSTREAM_UNAVAILABLE", "RATE_LIMITED", "INTERNAL", "ABORTED"].includes(code);
}
