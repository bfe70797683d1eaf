type Listener<Event> = (event: Event) => void;

export interface Emitter<Events> {
  on<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>): () => void;
  emit<Type extends keyof Events>(type: Type, event: Events[Type]): void;
}

/** What a peer sends may fail a listener thousands of times: so often at most its error surfaces. */
const betweenErrorsMs = 10_000;

/** Listeners by event type. One that throws keeps no other from hearing; its error surfaces as an uncaught one, now and then. */
export function createEmitter<Events>(): Emitter<Events> {
  const listeners: { [Type in keyof Events]?: Set<Listener<Events[Type]>> } = {};
  const quietUntilMs = new WeakMap<object, number>();
  return {
    on(type, listener) {
      const ofType = listeners[type] ?? new Set();
      listeners[type] = ofType;
      ofType.add(listener);
      return () => {
        ofType.delete(listener);
      };
    },
    emit(type, event) {
      for (const listener of [...(listeners[type] ?? [])]) {
        try {
          listener(event);
        } catch (error) {
          const now = performance.now();
          if (now < (quietUntilMs.get(listener) ?? 0)) continue;
          quietUntilMs.set(listener, now + betweenErrorsMs);
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
