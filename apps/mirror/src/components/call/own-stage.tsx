import { Video } from "lucide-react";
import type { RefObject } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import type { DeviceStatus } from "../../media/device-status";
import type { PianoWindow } from "../../piano/piano-window";
import type { Call } from "../../room/call";
import { otherPeer } from "../../room/others";
import { firstName } from "../../text";
import { MirrorSwitch } from "../piano/mirror-switch";
import { Stage } from "../piano/stage";
import { SideHead } from "./side-head";
import { useRoom } from "./use-peer-room";

interface OwnStageProps {
  call: Call;
  desk: Desk;
  video: RefObject<HTMLVideoElement | null>;
  view: PianoWindow | null;
  onMove(firstWhite: number): void;
  onCamera(on: boolean): void;
}

const cameraWords: Record<DeviceStatus, string> = {
  on: "",
  asking: "Asking for the camera",
  off: "Camera off",
  denied: "No permission for the camera",
  missing: "No camera found",
  busy: "Another program has the camera",
  unsupported: "No camera on this page",
};

const microphoneWords: Record<DeviceStatus, string> = {
  on: "",
  asking: "Asking for the microphone",
  off: "Microphone off",
  denied: "No permission for the microphone",
  missing: "No microphone found",
  busy: "Another program has the microphone",
  unsupported: "No microphone on this page",
};

/** This side. It goes on whatever happens to the line. */
export function OwnStage({ call, desk, video, view, onMove, onCamera }: OwnStageProps) {
  const { camera, microphone, stream } = useStore(desk.media);
  const { mirrorOwn, crop } = useStore(desk.preferences);
  const peer = otherPeer(useRoom(call.room));
  const hasPicture = camera.status === "on";
  const facts = [cameraWords[camera.status], microphoneWords[microphone.status]];
  return (
    <Stage
      side="own"
      whose="your"
      player={desk.player}
      across={call.duet.player(peer?.peerId ?? null)}
      desk={desk}
      stream={stream}
      video={video}
      hasPicture={hasPicture}
      mirrored={mirrorOwn}
      crop={crop}
      view={view}
      onMove={onMove}
    >
      <SideHead
        side="own"
        name={call.seat.displayName}
        detail={facts.filter(Boolean).join(". ")}
        showInitials={!hasPicture}
      >
        {hasPicture ? (
          <MirrorSwitch
            whose="your"
            mirrored={mirrorOwn}
            offText={`As ${peer ? firstName(peer.displayName) : "they"} ${peer ? "sees" : "see"} it`}
            onChange={(next) => desk.preferences.update({ mirrorOwn: next })}
          />
        ) : (
          camera.status !== "asking" &&
          camera.status !== "unsupported" && (
            <button type="button" className="button panel" onClick={() => onCamera(true)}>
              <Video className="icon" aria-hidden="true" />
              Turn camera on
            </button>
          )
        )}
      </SideHead>
    </Stage>
  );
}
