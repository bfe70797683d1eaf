import { type RefObject, useState } from "react";
import type { Desk } from "../../desk";
import { whiteKeyCount } from "../../piano/keyboard-layout";
import { moveWindow } from "../../piano/piano-window";
import { Keyboard } from "../piano/keyboard";
import { MiniKeyboard } from "../piano/mini-keyboard";

interface LargeKeysDialogProps {
  dialog: RefObject<HTMLDialogElement | null>;
  desk: Desk;
}

/** C4 to E5: as many as fingers hit well on a phone. */
const beginning = { firstWhite: 23, whites: 10 };

/** Keys for fingers. */
export function LargeKeysDialog({ dialog, desk }: LargeKeysDialogProps) {
  const [view, setView] = useState(beginning);
  return (
    <dialog ref={dialog} className="sheet dark" aria-label="Large keys">
      <div className="sheet-view">
        <div
          className="sheet-canvas"
          style={{
            width: `${(whiteKeyCount / view.whites) * 100}%`,
            transform: `translateX(${(-view.firstWhite / whiteKeyCount) * 100}%)`,
          }}
        >
          <Keyboard label="Your large keyboard" side="own" player={desk.player} desk={desk} />
        </div>
      </div>
      <MiniKeyboard
        label="Part of the keyboard that is shown large"
        side="own"
        player={desk.player}
        view={view}
        onMove={(firstWhite) => setView((now) => moveWindow(now, firstWhite))}
      />
      <form method="dialog">
        <button type="submit" className="button">
          Done
        </button>
      </form>
    </dialog>
  );
}
