import { useEffect, useState } from "react";
import { type Account, clientOf } from "../../room/account";
import type { RoomLink } from "../../room/invite-link";

const everyMs = 4_000;

/** Who sits in the room: for its owner, who may look before going in. Null where one may not. */
export function useWhoIsThere(link: RoomLink, account: Account | null): string[] | null {
  const [names, setNames] = useState<string[] | null>(null);
  const { server, roomId } = link;

  useEffect(() => {
    if (!account || account.server !== server) return;
    const { signaling } = clientOf(server, account).trpc;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const look = async () => {
      try {
        const { peers } = await signaling.peers.query({ roomId });
        if (stopped) return;
        setNames(peers.filter(({ online }) => online).map(({ displayName }) => displayName));
        timer = setTimeout(look, everyMs);
      } catch {
        // Somebody else's room: its peers are seen from inside only.
        if (!stopped) setNames(null);
      }
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [account, server, roomId]);

  return names;
}
