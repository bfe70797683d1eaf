import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import {
  highestMidi,
  isOnKeyboard,
  keyAt,
  lowestMidi,
  pianoKeys,
  whiteKeyCount,
} from "../../piano/keyboard-layout";
import type { Player } from "../../piano/player";
import { Key } from "./key";

interface KeyboardProps {
  /** "Your keyboard", "Ines's keyboard". */
  label: string;
  side: "own" | "other";
  player: Player;
  /** The player across: keys that only they hold are hatched. */
  across?: Player;
  /** Given where the drawn keys can be played. */
  desk?: Pick<Desk, "press" | "release">;
}

const nobody: ReadonlySet<number> = new Set();
const noPlayer: Pick<Player, "held"> = { held: { get: () => nobody, subscribe: () => () => {} } };
const middleC = 60;
const enterVelocity = 84;
const steps: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -12,
  PageUp: 12,
};

/** The 88 keys: they light, and can be played by pointer, touch or the arrow keys. One tab stop. */
export function Keyboard({ label, side, player, across, desk }: KeyboardProps) {
  const held = useStore(player.held);
  const heldAcross = useStore((across ?? noPlayer).held);
  const [cursor, setCursor] = useState(middleC);
  const root = useRef<HTMLDivElement>(null);
  /** What each finger holds. */
  const fingers = useRef(new Map<number, number>());
  const entered = useRef<number | null>(null);

  const find = (event: PointerEvent): { midi: number | null; velocity: number } => {
    const box = root.current?.getBoundingClientRect();
    if (!box) return { midi: null, velocity: 0 };
    const depth = (event.clientY - box.top) / box.height;
    const midi = keyAt(((event.clientX - box.left) / box.width) * whiteKeyCount, depth);
    // Nearer to the edge a key has the longer lever.
    return { midi, velocity: Math.round(48 + 64 * Math.min(1, Math.max(0, depth))) };
  };
  const moveFinger = (event: PointerEvent, midi: number | null, velocity: number) => {
    const before = fingers.current.get(event.pointerId);
    if (before === midi) return;
    if (before !== undefined) desk?.release(before);
    fingers.current.delete(event.pointerId);
    if (midi === null) return;
    fingers.current.set(event.pointerId, midi);
    desk?.press(midi, velocity);
  };
  const lift = (event: PointerEvent) => moveFinger(event, null, 0);

  const moveCursor = (midi: number) => {
    setCursor(midi);
    root.current?.querySelector<HTMLElement>(`[data-midi="${midi}"]`)?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = steps[event.key];
    if (step !== undefined || event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const next =
        step === undefined ? (event.key === "Home" ? lowestMidi : highestMidi) : cursor + step;
      if (isOnKeyboard(next)) moveCursor(next);
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (event.repeat || !desk) return;
      entered.current = cursor;
      desk.press(cursor, enterVelocity);
    }
  };
  const keyUp = () => {
    if (entered.current !== null) desk?.release(entered.current);
    entered.current = null;
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      ref={root}
      role="group"
      aria-label={label}
      className="keyboard"
      data-side={side}
      data-playable={desk ? true : undefined}
      onKeyDown={keyDown}
      onKeyUp={keyUp}
      onBlur={keyUp}
      {...(desk && {
        onPointerDown(event: PointerEvent) {
          if (event.button !== 0) return;
          // A touch holds on to where it began; a glissando must not.
          if (event.target instanceof Element) event.target.releasePointerCapture(event.pointerId);
          const { midi, velocity } = find(event);
          if (midi !== null) setCursor(midi);
          moveFinger(event, midi, velocity);
        },
        onPointerMove(event: PointerEvent) {
          if (!fingers.current.has(event.pointerId)) return;
          const { midi, velocity } = find(event);
          moveFinger(event, midi, velocity);
        },
        onPointerUp: lift,
        onPointerCancel: lift,
        onPointerLeave: lift,
      })}
    >
      {pianoKeys.map((key) => (
        <Key
          key={key.midi}
          piano={key}
          lit={held.has(key.midi)}
          hatched={!held.has(key.midi) && heldAcross.has(key.midi)}
          isCursor={cursor === key.midi}
          playable={desk !== undefined}
        />
      ))}
    </div>
  );
}
