import { type RefObject, useId } from "react";
import type { Desk } from "../../desk";
import { useStore } from "../../hooks/use-store";
import { Switch } from "../ui/switch";

interface KeysDialogProps {
  dialog: RefObject<HTMLDialogElement | null>;
  desk: Desk;
  /** The computer's keyboard plays: single keys need Alt. */
  needsAlt: boolean;
}

const shortcuts = [
  ["M", "Microphone on or off"],
  ["V", "Camera on or off"],
  ["R", "Mirror the other picture"],
  ["P", "Snapshot"],
  ["N", "Music mode"],
] as const;

const playing = [
  ["A W S E D F T G Y H U J K", "C to C"],
  ["Z X", "An octave down, up"],
  ["Shift", "Pedal"],
  ["Arrows, Enter", "Walk over a keyboard, play the key"],
] as const;

export function KeysDialog({ dialog, desk, needsAlt }: KeysDialogProps) {
  const { speakNotes } = useStore(desk.preferences);
  const titleId = useId();
  return (
    <dialog ref={dialog} className="dialog dark" aria-labelledby={titleId}>
      <h2 id={titleId}>Keys</h2>
      <KeyList rows={playing} />
      <KeyList rows={shortcuts} prefix={needsAlt ? "Alt " : ""} />
      <KeyList rows={[["?", "This list"]]} />
      <Switch
        className="dialog-switch"
        label="Speak notes"
        checked={speakNotes}
        onChange={(next) => desk.preferences.update({ speakNotes: next })}
      >
        <span className="choice-text">
          <span className="choice-title">Speak notes</span>
          <span className="choice-detail">A screen reader reads the other player’s chords</span>
        </span>
      </Switch>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}

interface KeyListProps {
  rows: readonly (readonly [keys: string, act: string])[];
  prefix?: string;
}

function KeyList({ rows, prefix = "" }: KeyListProps) {
  return (
    <dl className="key-list">
      {rows.map(([keys, act]) => (
        <div key={keys}>
          <dt>
            <kbd>
              {prefix}
              {keys}
            </kbd>
          </dt>
          <dd>{act}</dd>
        </div>
      ))}
    </dl>
  );
}
