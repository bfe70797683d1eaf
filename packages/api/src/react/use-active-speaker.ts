"use client";

import { useEffect, useState } from "react";
import { createActiveSpeaker } from "../peer-room/active-speaker";
import type { PeerRoom } from "../peer-room/types";

/** Who speaks: the id of the peer who was loudest lately; null as long as nobody was. */
export function useActiveSpeaker(room: PeerRoom | null): string | null {
  const [peerId, setPeerId] = useState<string | null>(null);
  useEffect(() => {
    if (!room) return;
    const speaker = createActiveSpeaker(room);
    const end = speaker.subscribe(() => setPeerId(speaker.getSnapshot()));
    return () => {
      end();
      speaker.close();
      setPeerId(null);
    };
  }, [room]);
  return peerId;
}
