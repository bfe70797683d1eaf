type Listener<Event> = (event: Event) => void;

export interface Emitter<Events> {
  on<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>): () => void;
  emit<Type extends keyof Events>(type: Type, event: Events[Type]): void;
}

/** Listeners by event type. One that throws keeps no other from hearing; its error surfaces as an uncaught one. */
export function createEmitter<Events>(): Emitter<Events> {
  const listeners: { [Type in keyof Events]?: Set<Listener<Events[Type]>> } = {};
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
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
