import { useRef, useState } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import { cameraWords } from "../../media/device-status";
import { Keyboard } from "../piano/keyboard";
import { MirrorSwitch } from "../piano/mirror-switch";
import { NoteRain } from "../piano/note-rain";
import { StagePicture } from "../piano/stage-picture";
import { CropControls } from "./crop-controls";

/** The camera's picture over the drawn keys, as the other player will see it. */
export function Preview({ desk }: { desk: Desk }) {
  const { camera, stream } = useStore(desk.media);
  const { mirrorOwn, crop } = useStore(desk.preferences);
  const [liningUp, setLiningUp] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const hasPicture = camera.status === "on";
  return (
    <div className="preview-column">
      <div className="preview dark">
        <div className="preview-picture" data-as-call={(liningUp && hasPicture) || undefined}>
          {!hasPicture && <NoteRain player={desk.player} />}
          <StagePicture
            video={video}
            stream={stream}
            muted
            mirrored={mirrorOwn}
            crop={crop}
            hidden={!hasPicture}
            label="Your camera"
          />
          <span className="panel preview-label">
            {camera.status === "on" ? "Your camera" : cameraWords[camera.status].title}
          </span>
          {hasPicture && (
            <MirrorSwitch
              whose="your"
              mirrored={mirrorOwn}
              offText="As they will see it"
              onChange={(next) => desk.preferences.update({ mirrorOwn: next })}
            />
          )}
        </div>
        <Keyboard label="Your keyboard, 88 keys" side="own" player={desk.player} desk={desk} />
      </div>
      {camera.status === "on" ? (
        <div className="preview-foot">
          <span>
            {mirrorOwn
              ? "Turned left to right, for you only."
              : "Are your low notes on the right? Turn Mirror on."}
          </span>
          <button
            type="button"
            className="link-button"
            aria-expanded={liningUp}
            onClick={() => setLiningUp(!liningUp)}
          >
            {liningUp ? "Done" : "Line up the keys"}
          </button>
          <PictureFacts stream={stream} />
        </div>
      ) : (
        <p className="preview-foot">{cameraWords[camera.status].detail}</p>
      )}
      {liningUp && hasPicture && (
        <CropControls crop={crop} onChange={(next) => desk.preferences.update({ crop: next })} />
      )}
    </div>
  );
}

function PictureFacts({ stream }: { stream: MediaStream }) {
  const { width, height, frameRate } = stream.getVideoTracks()[0]?.getSettings() ?? {};
  if (!width || !height) return null;
  return (
    <span className="preview-facts">
      {width} × {height}
      {frameRate && `, ${Math.round(frameRate)} fps`}
    </span>
  );
}
