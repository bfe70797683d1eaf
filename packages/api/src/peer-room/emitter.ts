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
  const failedAtMs = new WeakMap<object, number>();
  const surface = (listener: object, error: unknown) => {
    const now = performance.now();
    if (now - (failedAtMs.get(listener) ?? Number.NEGATIVE_INFINITY) < betweenErrorsMs) return;
    failedAtMs.set(listener, now);
    queueMicrotask(() => {
      throw error;
    });
  };
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
          surface(listener, error);
        }
      }
    },
  };
}
