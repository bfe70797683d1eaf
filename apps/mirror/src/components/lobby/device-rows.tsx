import {
  Check,
  Headphones,
  KeyboardMusic,
  type LucideIcon,
  Mic,
  MicOff,
  Music,
  Video,
  VideoOff,
} from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import { cameraWords, type DeviceStatus, microphoneWords } from "../../media/device-status";
import { silenceDb } from "../../media/level-meter";
import type { KeySource } from "../../piano/key-source";
import { keyOf } from "../../piano/keyboard-layout";
import { soundNames } from "../../piano/sounds";
import { Choice } from "../ui/choice";
import { SourceChoice } from "../ui/source-choice";
import { LevelBars } from "./level-bars";

interface RowsProps {
  desk: Desk;
  source: KeySource;
}

/** What is plugged in, what was found, and what works without the rest. */
export function DeviceRows({ desk, source }: RowsProps) {
  const { notice } = useStore(desk.media);
  return (
    <div className="rows">
      <p className="rows-notice" role="status">
        {notice}
      </p>
      <CameraRow desk={desk} />
      <MicrophoneRow desk={desk} />
      <KeysRow desk={desk} source={source} />
      <SoundRow desk={desk} />
      <InstrumentRow desk={desk} />
    </div>
  );
}

function CameraRow({ desk }: { desk: Desk }) {
  const { camera, cameras } = useStore(desk.media);
  const turn = (on: boolean) => {
    desk.preferences.update({ cameraOn: on });
    void desk.media.setCamera(on);
  };
  if (camera.status !== "on") {
    return (
      <Row icon={VideoOff} {...cameraWords[camera.status]}>
        <TryButton status={camera.status} what="the camera" onTurn={turn} />
      </Row>
    );
  }
  return (
    <Choice
      className="row"
      icon={Video}
      label="Camera"
      title={camera.label || "Camera"}
      detail="Seen from above is best"
      value={camera.id ?? ""}
      options={cameras.map(({ id, label }) => ({ value: id, label }))}
      onChange={(id) => {
        desk.preferences.update({ cameraId: id });
        void desk.media.chooseCamera(id);
      }}
    >
      <button type="button" className="button row-button" onClick={() => turn(false)}>
        Turn off<span className="visually-hidden"> the camera</span>
      </button>
    </Choice>
  );
}

function MicrophoneRow({ desk }: { desk: Desk }) {
  const { microphone, microphones, stream, music } = useStore(desk.media);
  const [peakDb, setPeakDb] = useState(silenceDb);
  const turn = (on: boolean) => {
    desk.preferences.update({ microphoneOn: on });
    void desk.media.setMicrophone(on);
  };
  if (microphone.status !== "on") {
    return (
      <Row icon={MicOff} {...microphoneWords[microphone.status]}>
        <TryButton status={microphone.status} what="the microphone" onTurn={turn} />
      </Row>
    );
  }
  const peak =
    peakDb <= silenceDb ? "silent so far" : `peak ${String(peakDb).replace("-", "−")} dB`;
  return (
    <Choice
      className="row"
      icon={Mic}
      label="Microphone"
      title={microphone.label || "Microphone"}
      detail={`Music mode ${music ? "on" : "off"}, ${peak}`}
      value={microphone.id ?? ""}
      options={microphones.map(({ id, label }) => ({ value: id, label }))}
      onChange={(id) => {
        desk.preferences.update({ microphoneId: id });
        void desk.media.chooseMicrophone(id);
      }}
    >
      <LevelBars stream={stream} onPeak={setPeakDb} />
    </Choice>
  );
}

function KeysRow({ desk, source }: RowsProps) {
  const midi = useStore(desk.midi);
  const lastMidi = useStore(desk.lastKey);
  const last = lastMidi === null ? null : keyOf(lastMidi)?.name;
  const details: Record<KeySource["kind"], string> = {
    midi: last ? `MIDI found. Last key: ${last}` : "MIDI found. Play a key.",
    computer: {
      asking: "Waiting for your permission for MIDI",
      denied: "No permission for MIDI. A to K play, or the screen.",
      unsupported: "No MIDI here. A to K play, or the screen.",
      idle: "A to K play, Z and X move an octave",
      ready: "No keyboard found. Play A to K, on the screen, or plug one in.",
    }[midi.status],
    none: "Play on the screen",
  };
  return (
    <SourceChoice
      className="row"
      desk={desk}
      source={source}
      icon={KeyboardMusic}
      detail={details[source.kind]}
    >
      {source.kind === "midi" && last && (
        <span className="row-ready">
          <Check className="icon" aria-hidden="true" />
          Ready
        </span>
      )}
    </SourceChoice>
  );
}

function SoundRow({ desk }: { desk: Desk }) {
  const { outputLabel } = useStore(desk.media);
  const { sound } = useStore(desk.preferences);
  const [delayMs, setDelayMs] = useState<number | null>(null);
  const play = async () => {
    await desk.synth.wake();
    desk.press(60, 84);
    setTimeout(() => desk.release(60), 600);
    setDelayMs(desk.synth.delayMs());
  };
  const delay = delayMs === null ? "" : `, ${delayMs} ms to your ear`;
  return (
    <Row
      icon={Headphones}
      title={outputLabel || "Speakers or headphones"}
      detail={`${soundNames[sound]}${delay}`}
    >
      <button type="button" className="button row-button" onClick={play} disabled={sound === "off"}>
        Play C4
      </button>
    </Row>
  );
}

const thisComputer = { value: "", label: "This computer" };

/** Only where there is an instrument to be played. */
function InstrumentRow({ desk }: { desk: Desk }) {
  const { outputs } = useStore(desk.midi);
  const { instrumentId } = useStore(desk.preferences);
  if (outputs.length === 0) return null;
  const chosen = outputs.find(({ id }) => id === instrumentId);
  return (
    <Choice
      className="row"
      icon={Music}
      label="What plays the other side's notes"
      title={chosen?.name ?? thisComputer.label}
      detail="Plays what the other side plays"
      value={chosen?.id ?? ""}
      options={[thisComputer, ...outputs.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(id) => {
        desk.preferences.update({ instrumentId: id || null });
        desk.midi.playOn(id || null);
      }}
    />
  );
}

interface RowProps {
  icon: LucideIcon;
  title: string;
  detail: string;
  children?: ReactNode;
}

function Row({ icon: Icon, title, detail, children }: RowProps) {
  return (
    <div className="choice row">
      <Icon className="icon" aria-hidden="true" />
      <span className="choice-text">
        <span className="choice-title">{title}</span>
        <span className="choice-detail">{detail}</span>
      </span>
      {children}
    </div>
  );
}

interface TryButtonProps {
  status: DeviceStatus;
  what: string;
  onTurn(on: boolean): void;
}

function TryButton({ status, what, onTurn }: TryButtonProps) {
  if (status === "unsupported") return null;
  const isAsking = status === "asking";
  return (
    <button type="button" className="button row-button" onClick={() => onTurn(!isAsking)}>
      {isAsking ? "Do without" : status === "off" ? "Turn on" : "Try again"}
      <span className="visually-hidden"> {what}</span>
    </button>
  );
}
