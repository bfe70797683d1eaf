import type { PeerFailure, PeerRoomSnapshot, PeerState, RemotePeer } from "@fermata/api";
import { RefreshCw } from "lucide-react";
import { useRef } from "react";
import { useStore } from "../../hooks/use-store";
import { wholePicture } from "../../media/crop";
import type { Call } from "../../room/call";
import { failureFacts } from "../../room/failure-facts";
import { furtherPeers } from "../../room/others";
import { firstName } from "../../text";
import { MiniKeys } from "../piano/mini-keyboard";
import { NoteRain } from "../piano/note-rain";
import { StagePicture } from "../piano/stage-picture";

interface FurtherTilesProps {
  call: Call;
  snapshot: PeerRoomSnapshot;
}

/** Who else is in a room of more than two seats: nobody sees or hears this side unseen. */
export function FurtherTiles({ call, snapshot }: FurtherTilesProps) {
  const peers = furtherPeers(snapshot);
  if (peers.length === 0) return null;
  return (
    <ul
      className="tiles"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label="Also in the room"
    >
      {peers.map((peer) => (
        <FurtherTile key={peer.peerId} call={call} peer={peer} snapshot={snapshot} />
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

interface FurtherTileProps {
  call: Call;
  peer: RemotePeer;
  snapshot: PeerRoomSnapshot;
}

function FurtherTile({ call, peer, snapshot }: FurtherTileProps) {
  const video = useRef<HTMLVideoElement>(null);
  const state = useStore(call.duet.states).get(peer.peerId);
  const player = call.duet.player(peer.peerId);
  const { displayName, stream } = peer;
  const failure = peer.state === "failed" ? peer.failure : null;
  const isConnected = peer.state === "connected";
  const hasPicture = stream.getVideoTracks().length > 0 && state?.camera !== false;
  const isMuted = isConnected && state?.microphone === false;
  const facts = [stateWords[peer.state], isMuted && "Microphone off"];
  return (
    <li className="tile" data-side="other" data-failed={failure ? "" : undefined}>
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
        <strong title={displayName}>{displayName}</strong>
        <span className="tile-facts">{facts.filter(Boolean).join(". ")}</span>
      </p>
      {failure && (
        <div className="tile-failure">
          <p>
            We could not reach {firstName(displayName)}. {failureText(failure, snapshot)}
          </p>
          <button type="button" className="button" onClick={() => call.room.retry()}>
            <RefreshCw className="icon" aria-hidden="true" />
            Try again
          </button>
        </div>
      )}
    </li>
  );
}

function failureText(failure: PeerFailure, snapshot: PeerRoomSnapshot): string {
  const { reason, hint } = failureFacts(failure, snapshot);
  return `${reason} ${hint}`;
}
