import {
  AudioLines,
  Camera,
  CircleHelp,
  KeyboardMusic,
  LogOut,
  Mic,
  MicOff,
  Piano,
  Video,
  VideoOff,
} from "lucide-react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import type { SceneContext } from "../../keepsakes/draw-scene";
import { isWantedOn } from "../../media/device-status";
import type { KeySource } from "../../piano/key-source";
import { isSoundId, soundIds, soundNames } from "../../piano/sounds";
import type { Call } from "../../room/call";
import { Choice } from "../ui/choice";
import { SourceChoice } from "../ui/source-choice";
import { Switch } from "../ui/switch";
import { KeepsakeTray } from "./keepsake-tray";
import { RecordButton } from "./record-button";
import type { CallActs } from "./use-call-acts";

interface CallBarProps {
  desk: Desk;
  source: KeySource;
  call: Call;
  draw(context: SceneContext): void;
  acts: CallActs;
  onSnapshot(): void;
  onKeys(): void;
  onLargeKeys(): void;
  onLeave(): void;
}

const sourceDetails = { midi: "MIDI in", computer: "A to K play", none: "Keys from" };

export function CallBar(props: CallBarProps) {
  const { desk, source, call, acts } = props;
  const { camera, microphone, music } = useStore(desk.media);
  const { sound } = useStore(desk.preferences);
  const hears = isWantedOn(microphone.status);
  const sees = isWantedOn(camera.status);
  return (
    <footer className="bar">
      <button
        type="button"
        className="bar-button bar-microphone"
        aria-label="Microphone"
        aria-pressed={hears}
        data-asking={microphone.status === "asking" || undefined}
        onClick={() => acts.setMicrophone(!hears)}
      >
        {hears ? <Mic className="icon" /> : <MicOff className="icon" />}
      </button>
      <button
        type="button"
        className="bar-button bar-camera"
        aria-label="Camera"
        aria-pressed={sees}
        data-asking={camera.status === "asking" || undefined}
        onClick={() => acts.setCamera(!sees)}
      >
        {sees ? <Video className="icon" /> : <VideoOff className="icon" />}
      </button>
      <span className="bar-line" />
      <Switch
        className="bar-face bar-music"
        label="Music mode: no noise removal, stereo"
        checked={music}
        onChange={acts.setMusic}
      >
        <AudioLines className="icon" aria-hidden="true" />
        <span className="choice-text">
          <span className="choice-title">Music mode</span>
          <span className="choice-detail">
            {music ? "No noise removal, stereo" : "For speech: noise removed"}
          </span>
        </span>
      </Switch>
      <Choice
        className="bar-face bar-sound"
        icon={Piano}
        label="My sound"
        title={soundNames[sound]}
        detail="My sound"
        value={sound}
        options={soundIds.map((id) => ({ value: id, label: soundNames[id] }))}
        onChange={(next) => {
          if (!isSoundId(next)) return;
          desk.preferences.update({ sound: next });
          desk.synth.setSound("own", next);
        }}
      />
      <SourceChoice
        className="bar-face bar-source"
        desk={desk}
        source={source}
        icon={KeyboardMusic}
        detail={sourceDetails[source.kind]}
      />
      <button
        type="button"
        className="bar-button bar-help"
        aria-label="Keys and shortcuts"
        onClick={props.onKeys}
      >
        <CircleHelp className="icon" />
      </button>
      <span className="bar-space" />
      <KeepsakeTray keepsakes={desk.keepsakes} />
      <RecordButton recorder={call.recorder} draw={props.draw} />
      <button
        type="button"
        className="bar-button bar-snapshot"
        aria-label="Snapshot"
        onClick={props.onSnapshot}
      >
        <Camera className="icon" />
        <span className="wide-only">Snapshot</span>
      </button>
      <button
        type="button"
        className="bar-button bar-large-keys"
        aria-label="Large keys"
        onClick={props.onLargeKeys}
      >
        <Piano className="icon" />
      </button>
      <button
        type="button"
        className="bar-button bar-leave"
        aria-label="Leave"
        onClick={props.onLeave}
      >
        <LogOut className="icon" />
        <span className="wide-only">Leave</span>
      </button>
    </footer>
  );
}
