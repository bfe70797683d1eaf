import type { PeerState, RemotePeer } from "@fermata/api";
import { useRef } from "react";
import { useStore } from "../../hooks/use-store";
import { wholePicture } from "../../media/crop";
import type { Call } from "../../room/call";
import { MiniKeys } from "../piano/mini-keyboard";
import { NoteRain } from "../piano/note-rain";
import { StagePicture } from "../piano/stage-picture";

interface FurtherTilesProps {
  call: Call;
  peers: readonly RemotePeer[];
}

/** Who else is in a room of more than two seats: nobody sees or hears this side unseen. */
export function FurtherTiles({ call, peers }: FurtherTilesProps) {
  if (peers.length === 0) return null;
  return (
    <ul className="tiles" aria-label="Also in the room">
      {peers.map((peer) => (
        <FurtherTile key={peer.peerId} call={call} peer={peer} />
      ))}
    </ul>
  );
}

const stateWords: Record<PeerState, string> = {
  connecting: "Connecting",
  connected: "",
  reconnecting: "Reconnecting",
  failed: "Not connected",
  left: "",
};

function FurtherTile({ call, peer }: { call: Call; peer: RemotePeer }) {
  const video = useRef<HTMLVideoElement>(null);
  const state = useStore(call.duet.states).get(peer.peerId);
  const player = call.duet.player(peer.peerId);
  const { displayName, stream } = peer;
  const isConnected = peer.state === "connected";
  const hasPicture = stream.getVideoTracks().length > 0 && state?.camera !== false;
  const isMuted = isConnected && state?.microphone === false;
  const facts = [stateWords[peer.state], isMuted && "Microphone off"];
  return (
    <li className="tile" data-side="other">
      <div className="tile-picture">
        {!hasPicture && <NoteRain player={player} />}
        <StagePicture
          video={video}
          stream={stream}
          muted={false}
          mirrored={false}
          crop={state?.crop ?? wholePicture}
          hidden={!hasPicture}
          frozen={peer.state === "reconnecting" || peer.state === "failed"}
          label={`Camera of ${displayName}`}
        />
      </div>
      <MiniKeys player={player} />
      <p>
        <strong>{displayName}</strong>
        <span className="tile-facts">{facts.filter(Boolean).join(". ")}</span>
      </p>
    </li>
  );
}
