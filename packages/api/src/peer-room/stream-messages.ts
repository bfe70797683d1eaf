import type { Fermata } from "../create-fermata";
import type { StreamHandlers } from "./message-source";

/**
 * Opens the room's event stream after a cursor.
 * @returns what closes it
 */
export function streamMessages(
  signaling: Fermata["trpc"]["signaling"],
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
