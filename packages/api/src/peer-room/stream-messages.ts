import { FermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import type { StreamHandlers } from "./message-source";

type Signaling = FermataCore["trpc"]["signaling"];

/**
 * Opens the room's event stream after a cursor.
 * @returns what closes it
 */
export function streamMessages(
  signaling: Signaling,
  { roomId, cursor }: { roomId: string; cursor: string },
  handlers: StreamHandlers,
): () => void {
  const subscription = signaling.messages.subscribe(
    { roomId, lastEventId: cursor, presence: true },
    {
      onStarted: handlers.onStarted,
      onData: ({ data }) => handlers.onEvent(data),
      onError: handlers.onRefused,
      onComplete: handlers.onBroken,
      // The stream would come back by itself, in its own time; here it is opened anew from where reading stopped.
      onConnectionStateChange: ({ state, error }) => {
        if (state === "connecting" && error) handlers.onBroken();
      },
    },
  );
  return () => subscription.unsubscribe();
}

/**
 * Opens one stream for several rooms, each after its cursor. A room that ends is refused alone; whatever befalls the
 * stream itself befalls all.
 * @returns what closes it
 */
export function streamMany(
  signaling: Signaling,
  rooms: { roomToken: string; cursor: string; handlers: StreamHandlers }[],
): () => void {
  const onBroken = () => {
    for (const { handlers } of rooms) handlers.onBroken();
  };
  const wanted = rooms.map(({ roomToken, cursor }) => ({
    roomToken,
    lastEventId: cursor,
    presence: true,
  }));
  const subscription = signaling.messagesOfMany.subscribe(
    { rooms: wanted },
    {
      onData: ({ room, event, error }) => {
        const handlers = rooms[room]?.handlers;
        if (error) {
          const { appCode, message, details } = error;
          handlers?.onRefused(new FermataError(appCode, message, { ...(details && { details }) }));
        } else if (event) handlers?.onEvent(event);
        else handlers?.onStarted();
      },
      // A server of the release before knows no such stream; each room finds another way.
      onError: onBroken,
      onComplete: onBroken,
      onConnectionStateChange: ({ state, error }) => {
        if (state === "connecting" && error) onBroken();
      },
    },
  );
  return () => subscription.unsubscribe();
}
