import type { ReactNode, RefObject } from "react";
import type { Desk } from "../../desk";
import type { Crop } from "../../media/crop";
import { whiteKeyCount } from "../../piano/keyboard-layout";
import type { PianoWindow } from "../../piano/piano-window";
import type { Player } from "../../piano/player";
import { capital } from "../../text";
import { Keyboard } from "./keyboard";
import { MiniKeyboard } from "./mini-keyboard";
import { NoteRain } from "./note-rain";
import { StagePicture } from "./stage-picture";

interface StageProps {
  side: "own" | "other";
  /** Whose: "your", "Ines’s". */
  whose: string;
  player: Player;
  across?: Player;
  desk?: Desk;
  stream: MediaStream | null;
  video: RefObject<HTMLVideoElement | null>;
  hasPicture: boolean;
  mirrored: boolean;
  crop: Crop;
  frozen?: boolean;
  /** The part that a narrow screen shows. */
  view: PianoWindow | null;
  onMove(firstWhite: number): void;
  /** What lies over it: name, controls, what goes on. */
  children: ReactNode;
}

/** One side: its picture, or the rain of its notes, over its 88 keys. */
export function Stage(props: StageProps) {
  const { side, whose, player, across, desk, view, hasPicture } = props;
  const place = view && {
    width: `${(whiteKeyCount / view.whites) * 100}%`,
    transform: `translateX(${(-view.firstWhite / whiteKeyCount) * 100}%)`,
  };
  return (
    <section className="stage" data-side={side} aria-label={`${capital(whose)} piano`}>
      <div className="stage-view">
        <div className="stage-canvas" data-picture={hasPicture || undefined} style={place ?? {}}>
          {!hasPicture && <NoteRain player={player} />}
          <StagePicture
            video={props.video}
            stream={props.stream}
            muted={side === "own"}
            mirrored={props.mirrored}
            crop={props.crop}
            hidden={!hasPicture}
            frozen={props.frozen}
            label={`${capital(whose)} camera`}
          />
          <Keyboard
            label={`${capital(whose)} keyboard, 88 keys`}
            side={side}
            player={player}
            across={across}
            desk={desk}
          />
        </div>
        {props.children}
      </div>
      {view && (
        <MiniKeyboard
          label={`Part of ${whose} keyboard that is shown`}
          side={side}
          player={player}
          view={view}
          onMove={props.onMove}
        />
      )}
    </section>
  );
}
