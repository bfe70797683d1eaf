import { type EventStream, openStream } from "./event-stream";
import { type Rpc, type RpcAnswer, rpcFor } from "./rpc";
import type { Target } from "./targets";

export interface TestRoom {
  roomId: string;
  inviteToken: string;
}

/** One participant: its calls are made with its room token. */
export interface Participant {
  rpc: Rpc;
  peerId: string;
  roomToken: string;
  resumeToken: string;
  polite: boolean;
  cursor: string;
  peers: { peerId: string; displayName: string }[];
}

export async function createRoom(owner: Rpc, capacity?: number): Promise<TestRoom> {
  const { data, error } = await owner.mutate("signaling.createRoom", capacity ? { capacity } : {});
  if (error) throw new Error(`no room: ${error.message}`);
  return data;
}

/** Joins with the invite, as a guest unless told who. */
export async function joinRoom(
  target: Target,
  { roomId, inviteToken }: TestRoom,
  displayName: string,
  as: { rpc?: Rpc; resumeToken?: string } = {},
): Promise<Participant> {
  const { data, error } = await (as.rpc ?? rpcFor(target.baseUrl)).mutate("signaling.join", {
    roomId,
    inviteToken,
    displayName,
    ...(as.resumeToken && { resumeToken: as.resumeToken }),
  });
  if (error) throw new Error(`${displayName} cannot join: ${error.message}`);
  return { ...data, rpc: rpcFor(target.baseUrl, data.roomToken) };
}

export function sendMessages(
  { rpc }: Participant,
  roomId: string,
  messages: { kind: string; payload: unknown }[],
  to?: string,
): Promise<RpcAnswer> {
  return rpc.mutate("signaling.send", { roomId, messages, ...(to && { to }) });
}

/** Messages that can be told apart, and their order checked. */
export function numbered(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    kind: "number",
    payload: { number: from + index },
  }));
}

/** Pulls once, from where the participant joined unless told from where. */
export async function pullMessages(
  { rpc, cursor }: Participant,
  roomId: string,
  after: string = cursor,
) {
  return (await rpc.query("signaling.pull", { roomId, after })).data;
}

export function followRoom(
  target: Target,
  { roomToken }: Participant,
  roomId: string,
  lastEventId?: string,
): Promise<EventStream> {
  return openStream(target, "signaling.messages", { roomId, lastEventId }, roomToken);
}
