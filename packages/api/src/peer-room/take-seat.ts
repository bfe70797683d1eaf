import { type FermataError, toFermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import type { Peer } from "../procedures";
import { backoffMs } from "./backoff";
import type { IceGrant } from "./ice-credentials";
import { retryAfterMs } from "./outbox";
import { wait } from "./wait";

export interface Seat {
  peerId: string;
  roomToken: string;
  resumeToken: string;
  polite: boolean;
  /** When this participant first came; null when nobody here is equally polite, so that it does not matter. */
  joinedAt: string | null;
  peers: Peer[];
  cursor: string;
  /** Of the answer, ISO 8601. */
  serverTime?: string | undefined;
  /** What the server gave with the seat, to make connections with. */
  turn?: IceGrant | undefined;
  /** Who got the offer that came with the join. */
  offeredTo?: string | undefined;
  /** Several sends may be under way. */
  ordersSends?: true | undefined;
}

export interface SeatRequest {
  client: FermataCore;
  roomId: string;
  inviteToken?: string;
  displayName: string;
  resumeToken?: string;
  /** One for all attempts: a seat whose answer was lost is found again. */
  joinKey: string;
  /** For whoever is there. */
  offer?: unknown;
  /** With which the offer was prepared. */
  lobbyKey?: string | undefined;
  isCancelled(): boolean;
  /** The server cannot be reached, and is tried again. */
  onDelay(error: FermataError): void;
}

/** A server that is busy or restarts is told later; whoever leaves does not wait for ever. */
const mostGiveBacks = 4;

/**
 * Joins, as often as it takes for an answer.
 * @throws FermataError the server's refusal, or the last failure once cancelled
 */
export async function takeSeat(request: SeatRequest): Promise<Seat> {
  const { client, roomId, inviteToken, displayName, resumeToken, joinKey, offer, lobbyKey } =
    request;
  const seat = await insist(request, () =>
    client.trpc.signaling.join.mutate({
      roomId,
      inviteToken,
      displayName,
      resumeToken,
      joinKey,
      turn: true,
      offer,
      lobbyKey,
    }),
  );
  if (!seat.peers.some(({ polite }) => polite === seat.polite)) return { ...seat, joinedAt: null };

  const { trpc } = client.as(seat.roomToken);
  const { peers } = await insist(request, () => trpc.signaling.peers.query({ roomId })).catch(
    (error: unknown) => {
      // Taken and never used: the seat must not stay behind.
      void giveBackSeat(client, { roomId, roomToken: seat.roomToken });
      throw error;
    },
  );
  const joinedAt = peers.find(({ peerId }) => peerId === seat.peerId)?.joinedAt ?? null;
  return { ...seat, joinedAt };
}

/** Gives a seat up, or with `mayReturn` only until somebody else needs it. */
export async function giveBackSeat(
  client: FermataCore,
  seat: { roomId: string; roomToken?: string; joinKey?: string },
  { keepalive = false, mayReturn = false } = {},
): Promise<void> {
  const { roomId, roomToken = () => null, joinKey } = seat;
  const { trpc } = client.as(roomToken, { keepalive });
  const input = { roomId, ...(mayReturn && { mayReturn }), ...(joinKey && { joinKey }) };
  const most = keepalive ? 1 : mostGiveBacks;
  for (let failures = 1; ; failures++) {
    try {
      await trpc.signaling.leave.mutate(input);
      return;
    } catch (thrown) {
      const error = toFermataError(thrown);
      // Who cannot be told lets the seat's time run out.
      if (!isPassing(error) || failures >= most) return;
      await wait(retryAfterMs(error) ?? backoffMs(failures));
    }
  }
}

async function insist<T>(
  { isCancelled, onDelay }: SeatRequest,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toFermataError(thrown);
      if (!isPassing(error) || isCancelled()) throw error;
      onDelay(error);
      await wait(retryAfterMs(error) ?? backoffMs(failures));
      if (isCancelled()) throw error;
    }
  }
}

/** Whether the same request can succeed later. */
export function isPassing({ code }: FermataError): boolean {
  return ["NETWORK", "UPSTREAM_UNAVAILABLE", "RATE_LIMITED", "INTERNAL", "ABORTED"].includes(code);
}
