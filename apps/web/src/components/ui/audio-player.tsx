"use client";

import { useRef, useState } from "react";
import { formatClipLength } from "../../lib/format";
import { Waveform } from "./waveform";

interface AudioPlayerProps {
  url: string;
  /** What is heard, for those who do not see it. */
  label: string;
  /** Of the media row, where one was drawn. */
  waveform?: string | null | undefined;
  onBroken?(): void;
}

/**
 * A recording, and what it looks like. The browser's own controls work without a script, too. Where no React comes along,
 * as on the page of an instrument, script/move-sounds.ts there does what is done here.
 */
export function AudioPlayer({ url, label, waveform, onBroken }: AudioPlayerProps) {
  const sound = useRef<HTMLAudioElement>(null);
  const [seconds, setSeconds] = useState(0);
  const [length, setLength] = useState(0);
  const seek = (to: number) => {
    setSeconds(to);
    if (sound.current) sound.current.currentTime = to;
  };
  return (
    <div data-sound className="grid w-full gap-3">
      {waveform && (
        <div className="relative">
          <Waveform
            waveform={waveform}
            played={length > 0 ? seconds / length : 0}
            className="h-16"
          />
          <input
            type="range"
            hidden={length === 0}
            min={0}
            max={length}
            step={0.1}
            value={seconds}
            aria-label={`Position in ${label}`}
            aria-valuetext={`${formatClipLength(seconds)} of ${formatClipLength(length)}`}
            onChange={({ currentTarget }) => seek(Number(currentTarget.value))}
            className="peer absolute inset-0 size-full cursor-pointer opacity-0"
          />
          <span className="pointer-events-none absolute inset-0 rounded-sm peer-focus-visible:outline-2 peer-focus-visible:outline-ring" />
        </div>
      )}
      {/* biome-ignore lint/a11y/useMediaCaption: what users upload comes without captions. */}
      <audio
        ref={sound}
        src={url}
        controls
        preload="metadata"
        aria-label={label}
        className="w-full"
        onError={onBroken}
        onTimeUpdate={({ currentTarget }) => setSeconds(currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) =>
          setLength(Number.isFinite(duration) ? duration : 0)
        }
      />
    </div>
  );
}
