import { useEffect, useRef, useState } from "react";
import { silenceDb, watchLevel } from "../../media/level-meter";

const bars = 24;

interface LevelBarsProps {
  stream: MediaStream;
  /** The loudest of the last moments, in whole decibels; told when it changes. */
  onPeak(peakDb: number): void;
}

export function LevelBars({ stream, onPeak }: LevelBarsProps) {
  const [lit, setLit] = useState(0);
  const tell = useRef(onPeak);
  tell.current = onPeak;

  useEffect(() => {
    if (stream.getAudioTracks().length === 0) return;
    // A stream of its own: the camera may change meanwhile.
    return watchLevel(new MediaStream(stream.getAudioTracks()), ({ db, peakDb }) => {
      setLit(Math.round((1 - db / silenceDb) * bars));
      tell.current(Math.round(peakDb));
    });
  }, [stream]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn as bars everywhere
    <span
      className="level"
      role="meter"
      aria-label="Microphone level"
      aria-valuemin={0}
      aria-valuemax={bars}
      aria-valuenow={lit}
    >
      {Array.from({ length: bars }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never move
        <span key={index} data-lit={index < lit || undefined} />
      ))}
    </span>
  );
}
