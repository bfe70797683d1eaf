import { Circle, Square } from "lucide-react";
import { useNow } from "../../hooks/use-now";
import { useStore } from "../../hooks/use-store";
import type { SceneContext } from "../../keepsakes/draw-scene";
import type { Recorder } from "../../recording/recorder";
import { shortClock } from "../../text";

interface RecordButtonProps {
  recorder: Recorder;
  draw(context: SceneContext): void;
}

/** Records the session, and shows for how long. */
export function RecordButton({ recorder, draw }: RecordButtonProps) {
  const since = useStore(recorder.since);
  const now = useNow(1_000, since !== null);
  if (!recorder.isSupported) return null;
  if (since === null) {
    return (
      <button
        type="button"
        className="bar-button bar-record"
        aria-label="Record"
        onClick={() => recorder.start(draw)}
      >
        <Circle className="icon" />
        <span className="wide-only">Record</span>
      </button>
    );
  }
  return (
    <button
      type="button"
      className="bar-button bar-record bar-recording"
      aria-label="Stop recording"
      onClick={() => void recorder.stop()}
    >
      <Square className="icon" />
      <span role="timer">{shortClock(now - since)}</span>
    </button>
  );
}
