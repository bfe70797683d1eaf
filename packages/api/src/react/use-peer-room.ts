"use client";

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { createPeerRoom } from "../peer-room/create-peer-room";
import { noRoom } from "../peer-room/room-state";
import type { PeerRoom, PeerRoomOptions, PeerRoomSnapshot } from "../peer-room/types";
import { useFermata } from "./fermata-provider";

export interface PeerRoomHookOptions extends Omit<PeerRoomOptions, "client"> {
  /** False stays in the lobby, with all prepared that can be; true takes the seat. Left out, true. */
  join?: boolean;
}

export interface PeerRoomHook extends PeerRoomSnapshot {
  /** For its methods and events: null before the first effect, and while there are no options. */
  room: PeerRoom | null;
}

/**
 * Takes a seat for as long as the component lives, and gives it up with it; null options wait, `join: false` prepares.
 * Another room or invite is another seat, another `localStream` or `audioProfile` only what is sent from then on; the rest
 * is read once.
 */
export function usePeerRoom(options: PeerRoomHookOptions | null): PeerRoomHook {
  const client = useFermata();
  const [room, setRoom] = useState<PeerRoom | null>(null);
  const latest = useRef(options);
  latest.current = options;
  const roomId = options?.roomId;
  const inviteToken = options?.inviteToken;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another invite is another seat.
  useEffect(() => {
    if (!roomId || !latest.current) return;
    const own = createPeerRoom({ ...latest.current, client });
    setRoom(own);
    return () => {
      setRoom(null);
      void own.leave();
    };
  }, [client, roomId, inviteToken]);

  const isIn = options?.join ?? true;
  useEffect(() => {
    if (!room) return;
    // A moment later: in development React mounts twice, and the first one must not be seen by the others.
    const timer = setTimeout(() => {
      if (!isIn) void (room.getSnapshot().status === "idle" ? room.prepare() : room.leave());
      // A refusal is in the snapshot.
      else room.join().catch(() => {});
    });
    return () => clearTimeout(timer);
  }, [room, isIn]);

  const localStream = options?.localStream;
  useEffect(() => {
    if (room && localStream !== undefined) room.setLocalStream(localStream);
  }, [room, localStream]);

  const audioProfile = options?.audioProfile;
  useEffect(() => {
    if (room && audioProfile) room.setAudioProfile(audioProfile);
  }, [room, audioProfile]);

  const subscribe = useCallback(
    (listener: () => void) => room?.subscribe(listener) ?? (() => {}),
    [room],
  );
  const getSnapshot = () => room?.getSnapshot() ?? noRoom;
  return { ...useSyncExternalStore(subscribe, getSnapshot, () => noRoom), room };
}
