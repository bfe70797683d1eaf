import type { RefObject } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import { wholePicture } from "../../media/crop";
import type { PianoWindow } from "../../piano/piano-window";
import type { Call } from "../../room/call";
import { formatRoomLink } from "../../room/invite-link";
import { otherPeer } from "../../room/others";
import type { SideState } from "../../room/side-state";
import { firstName, possessive } from "../../text";
import { MirrorSwitch } from "../piano/mirror-switch";
import { Stage } from "../piano/stage";
import { FailedOverlay } from "./failed-overlay";
import { ReconnectOverlay } from "./reconnect-overlay";
import { SideHead } from "./side-head";
import { useRoom } from "./use-peer-room";
import { WaitingOverlay } from "./waiting-overlay";

interface OtherStageProps {
  call: Call;
  desk: Desk;
  video: RefObject<HTMLVideoElement | null>;
  view: PianoWindow | null;
  onMove(firstWhite: number): void;
}

const reconnectLimitMs = 60_000;

/** The other side: its picture and its keys, or what is being done about them. */
export function OtherStage({ call, desk, video, view, onMove }: OtherStageProps) {
  const snapshot = useRoom(call.room);
  const states = useStore(call.duet.states);
  const { mirrorOther } = useStore(desk.preferences);
  const peer = otherPeer(snapshot);
  const state = states.get(peer?.peerId ?? "") ?? null;
  const isHere = peer !== null && peer.state !== "left";
  const name = peer ? firstName(peer.displayName) : "The other player";
  const whose = peer ? possessive(name) : "their";
  const isBroken = peer?.state === "reconnecting" || peer?.state === "failed";
  const hasTrack = (peer?.stream.getVideoTracks().length ?? 0) > 0;
  const hasPicture = isHere && hasTrack && state?.camera !== false;
  const { link } = call.seat;
  const invite = call.account && link.inviteToken ? formatRoomLink(location.href, link) : null;

  return (
    <Stage
      side="other"
      whose={whose}
      player={call.duet.player(peer?.peerId ?? null)}
      across={desk.player}
      stream={isHere ? peer.stream : null}
      video={video}
      hasPicture={hasPicture}
      mirrored={mirrorOther}
      crop={state?.crop ?? wholePicture}
      frozen={isBroken}
      view={view}
      onMove={onMove}
    >
      {isHere && (peer.state === "connected" || peer.state === "connecting") && (
        <SideHead
          side="other"
          name={peer.displayName}
          detail={peer.state === "connecting" ? "Connecting" : describeSide(state)}
          showInitials={!hasPicture}
        >
          {hasPicture && (
            <MirrorSwitch
              whose={whose}
              mirrored={mirrorOther}
              offText={`As ${name} sees it`}
              onChange={(next) => desk.preferences.update({ mirrorOther: next })}
            />
          )}
        </SideHead>
      )}
      {!isHere && snapshot.status !== "joining" && (
        <WaitingOverlay
          title={peer ? `${name} left` : "Waiting for the other seat"}
          detail={
            peer
              ? "The seat is free. You can go on playing."
              : invite
                ? "Send the link. You can warm up meanwhile."
                : "You can warm up meanwhile."
          }
          invite={invite}
        />
      )}
      {peer?.state === "reconnecting" && (
        <ReconnectOverlay
          peer={peer}
          relayProvider={snapshot.relayProvider}
          limitMs={reconnectLimitMs}
        />
      )}
      {peer?.state === "failed" && peer.failure && (
        <FailedOverlay
          name={name}
          failure={peer.failure}
          snapshot={snapshot}
          until={link.until}
          report={`mirror-${peer.peerId.replace(/[^a-z0-9]/gi, "").slice(0, 6)}`}
          onRetry={() => call.room.retry()}
        />
      )}
    </Stage>
  );
}

function describeSide(state: SideState | null): string {
  if (!state) return "";
  const facts = [];
  if (!state.camera) facts.push("Joined without a camera");
  if (!state.microphone) facts.push("Microphone off");
  return facts.join(". ");
}
