import type { RoomMessage } from "@fermata/contract";
import { isTrackedEnvelope } from "@trpc/server";
import type { Services } from "../context";
import { toAppError } from "../ground/errors";
import { createCallerFactory } from "../trpc";
import { callerFor, createTestUser, libraryRouter, requestContext } from "./test-context";

const createCaller = createCallerFactory(libraryRouter);

/** A user with a room. */
export async function openRoom(services: Services, input: { capacity?: number } = {}) {
  const owner = await createTestUser(services);
  const ownerCaller = await callerFor(services, owner);
  const room = await ownerCaller.signaling.createRoom({ capacity: 2, ...input });
  return { ...room, owner, ownerCaller };
}

/** Joins as a user, or as a guest for null, and gives the seat with a caller that bears its room token. */
export async function sitDown(
  services: Services,
  who: { id: string } | null,
  input: {
    roomId: string;
    inviteToken?: string;
    resumeToken?: string;
    joinKey?: string;
    displayName?: string;
    offer?: unknown;
  },
) {
  const { roomId, inviteToken, resumeToken, joinKey, displayName = "Ada", offer } = input;
  const caller = await callerFor(services, who);
  const seat = await caller.signaling.join({
    roomId,
    inviteToken,
    resumeToken,
    joinKey,
    displayName,
    offer,
  });
  return { ...seat, caller: await callerFor(services, seat.roomToken) };
}

/** A room for two with both seats taken by guests. */
export async function openDuo(services: Services) {
  const room = await openRoom(services);
  const ada = await sitDown(services, null, room);
  const ben = await sitDown(services, null, { ...room, displayName: "Ben" });
  return { ...room, ada, ben };
}

/** The code of the failure that a call must end with. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  const failure = await call.then(
    () => "no failure",
    (error: unknown) => toAppError(error),
  );
  return typeof failure === "string" ? failure : failure.code;
}

export type StreamEvent = RoomMessage | { kind: "reset"; cursor: string };

interface TestStream {
  /** All that arrived so far. */
  events: StreamEvent[];
  /** Waits until this many events arrived in all. */
  until(count: number): Promise<StreamEvent[]>;
  /** The cursor to resume from. */
  lastEventId(): string | undefined;
  /** How it ended: the error's code and details, "aborted", or "returned", which must never happen. */
  ended: Promise<{ code: string; details?: unknown }>;
  /** Cuts it as a lost connection would, and waits until the server's side is over. */
  cut(): Promise<void>;
}

/** Follows a room with a token, as the SSE route does. */
export async function openStream(
  services: Services,
  token: string | null,
  input: { roomId: string; lastEventId?: string; presence?: boolean },
): Promise<TestStream> {
  const controller = new AbortController();
  const { signal } = controller;
  const context = await requestContext(services, token);
  const stream = await createCaller(context, { signal }).signaling.messages(input);
  const events: StreamEvent[] = [];
  let lastEventId: string | undefined;
  let onEvent = () => {};

  const read = async () => {
    try {
      // A caller's stream gives envelopes, whatever its type says: only clients unwrap them.
      for await (const envelope of stream as AsyncIterable<unknown>) {
        if (!isTrackedEnvelope<StreamEvent>(envelope)) throw new Error("an event without an id");
        const [id, event] = envelope;
        lastEventId = id;
        events.push(event);
        onEvent();
      }
      return { code: "returned" };
    } catch (error) {
      if (signal.aborted) return { code: "aborted" };
      const { code, details } = toAppError(error);
      return { code, ...(details && { details }) };
    }
  };
  const ended = read();
  return {
    events,
    ended,
    lastEventId: () => lastEventId,
    async until(count) {
      while (events.length < count) {
        const over = await Promise.race([
          ended,
          new Promise<null>((resolve) => {
            onEvent = () => resolve(null);
          }),
        ]);
        if (over && events.length < count) {
          throw new Error(`the stream ended (${over.code}) after ${events.length} events`);
        }
      }
      return events;
    },
    async cut() {
      controller.abort();
      await ended;
    },
  };
}
