import { useEffect, useState } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import { spokenChord } from "../../piano/spoken-chord";
import type { Call } from "../../room/call";
import { otherPeer } from "../../room/others";
import { describeQuality } from "../../room/quality";
import { firstName, possessive } from "../../text";
import { useRoom } from "./use-peer-room";

/** A chord is settled when nothing changed for so long. */
const settledMs = 350;

/** Tells screen readers what happens, once and briefly; a failure interrupts. */
export function Announcer({ call, desk }: { call: Call; desk: Desk }) {
  const [polite, setPolite] = useState("");
  const [assertive, setAssertive] = useState("");
  const chord = useSettledChord(call);
  const { speakNotes } = useStore(desk.preferences);
  const keepsakes = useStore(desk.keepsakes);
  const saved = keepsakes.findLast(({ status }) => status === "saved")?.title;

  useEffect(() => {
    const { room } = call;
    const stops = [
      room.on("peerJoined", ({ displayName }) => setPolite(`${firstName(displayName)} joined`)),
      room.on("peerLeft", ({ displayName }) => setPolite(`${firstName(displayName)} left`)),
      room.on("peerState", ({ peer, previous }) => {
        const name = firstName(peer.displayName);
        if (peer.state === "failed") setAssertive(peer.failure?.message ?? "Not connected");
        if (peer.state === "reconnecting" && previous === "connected") {
          setPolite(`Reconnecting, holding ${possessive(name)} seat`);
        }
        if (peer.state === "connected" && previous !== "connecting") {
          setAssertive("");
          void room.stats(peer.peerId).then((stats) => {
            const route = stats ? `, ${describeQuality(stats).route.toLowerCase()}` : "";
            setPolite(`Connected again${route}`);
          });
        }
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [call]);

  useEffect(() => {
    if (saved !== undefined) setPolite(`${saved} saved`);
  }, [saved]);

  return (
    <>
      <p className="visually-hidden" role="status">
        {polite}
      </p>
      <p className="visually-hidden" role="alert">
        {assertive}
      </p>
      <p className="visually-hidden" aria-live="polite">
        {speakNotes ? chord : ""}
      </p>
    </>
  );
}

function useSettledChord({ duet, room }: Call): string {
  const peer = otherPeer(useRoom(room));
  const held = useStore(duet.player(peer?.peerId ?? null).held);
  const [chord, setChord] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setChord(spokenChord(held)), settledMs);
    return () => clearTimeout(timer);
  }, [held]);
  return chord;
}
