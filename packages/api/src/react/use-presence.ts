"use client";

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import {
  checkState,
  createPresence,
  type Presence,
  type PresenceOptions,
} from "../peer-room/presence";
import type { PeerRoom } from "../peer-room/types";

export interface PresenceHook<State> {
  own: State;
  /** By peer: those who have said something, and are here. */
  peers: ReadonlyMap<string, State>;
  set: Presence<State>["set"];
}

const nobody: ReadonlyMap<string, never> = new Map<string, never>();

/**
 * What each participant shows of itself to the others now. `room` is what `usePeerRoom` gives, null at first; the options
 * are read once. What is set before there is a room is what the others see first.
 */
export function usePresence<State>(
  room: PeerRoom | null,
  options: PresenceOptions<State>,
): PresenceHook<State> {
  const first = useRef(options);
  const [early, setEarly] = useState(options.initial);
  const [presence, setPresence] = useState<Presence<State> | null>(null);
  const latest = useRef(early);

  useEffect(() => {
    if (!room) return;
    const own = createPresence(room, { ...first.current, initial: latest.current });
    setPresence(own);
    return () => {
      // Another room begins with what was shown here.
      latest.current = own.getSnapshot().own;
      setEarly(latest.current);
      setPresence(null);
      own.close();
    };
  }, [room]);

  const subscribe = useCallback(
    (listener: () => void) => presence?.subscribe(listener) ?? (() => {}),
    [presence],
  );
  const read = () => presence?.getSnapshot() ?? null;
  const snapshot = useSyncExternalStore(subscribe, read, () => null);
  const set = useCallback<Presence<State>["set"]>(
    (next) => {
      if (presence) return presence.set(next);
      const isChange = typeof next === "function";
      const state = isChange ? (next as (own: State) => State)(latest.current) : next;
      checkState(state);
      latest.current = state;
      setEarly(latest.current);
    },
    [presence],
  );
  return { own: snapshot?.own ?? early, peers: snapshot?.peers ?? nobody, set };
}
