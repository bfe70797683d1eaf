import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useStore } from "../../hooks/use-store";
import { blackKeyHeight, pianoKeys, whiteKeyCount } from "../../piano/keyboard-layout";
import { type PianoWindow, pianoWindowText } from "../../piano/piano-window";
import type { Player } from "../../piano/player";

interface MiniKeyboardProps {
  label: string;
  side: "own" | "other";
  player: Player;
  view: PianoWindow;
  onMove(firstWhite: number): void;
}

const height = 6;

/** All 88 keys, small, with a frame around those that are shown large. The frame can be dragged, or moved by arrows. */
export function MiniKeyboard({ label, side, player, view, onMove }: MiniKeyboardProps) {
  const root = useRef<HTMLDivElement>(null);
  const grip = useRef<{ x: number; firstWhite: number } | null>(null);

  const whiteWidth = () => (root.current?.clientWidth ?? 1) / whiteKeyCount;
  const down = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { x: event.clientX, firstWhite: view.firstWhite };
  };
  const move = (event: PointerEvent) => {
    if (!grip.current) return;
    onMove(grip.current.firstWhite + (event.clientX - grip.current.x) / whiteWidth());
  };
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -7, PageUp: 7 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(Math.round(view.firstWhite) + step);
  };

  return (
    <div ref={root} className="mini" data-side={side}>
      <MiniKeys player={player} />
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={whiteKeyCount - view.whites}
        aria-valuenow={Math.round(view.firstWhite)}
        aria-valuetext={pianoWindowText(view)}
        className="mini-frame"
        style={{
          left: `${(view.firstWhite / whiteKeyCount) * 100}%`,
          width: `${(view.whites / whiteKeyCount) * 100}%`,
        }}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          grip.current = null;
        }}
        onKeyDown={keyDown}
      />
    </div>
  );
}

/** All 88 keys, to be looked at. */
export function MiniKeys({ player }: { player: Player }) {
  const held = useStore(player.held);
  return (
    <svg
      viewBox={`0 0 ${whiteKeyCount} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="mini-keys"
    >
      {[false, true].flatMap((black) =>
        pianoKeys
          .filter((key) => key.black === black)
          .map((key) => (
            <rect
              key={key.midi}
              x={black ? key.left : key.left + 0.06}
              width={black ? key.width : 0.88}
              height={black ? height * blackKeyHeight : height}
              className={held.has(key.midi) ? "mini-lit" : black ? "mini-black" : "mini-white"}
            />
          )),
      )}
    </svg>
  );
}
