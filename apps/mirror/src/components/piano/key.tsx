import { memo } from "react";
import { type PianoKey, whiteKeyCount } from "../../piano/keyboard-layout";

interface KeyProps {
  piano: PianoKey;
  lit: boolean;
  hatched: boolean;
  isCursor: boolean;
  playable: boolean;
}

/** One key. Only those that change are drawn again. */
export const Key = memo(function Key({ piano, lit, hatched, isCursor, playable }: KeyProps) {
  const { midi, name, spoken, black, left, width } = piano;
  const hasLabel = !black && (lit || hatched || name.startsWith("C"));
  return (
    <button
      type="button"
      tabIndex={isCursor ? 0 : -1}
      aria-label={hatched ? `${spoken}, held by the other side` : spoken}
      aria-pressed={lit}
      aria-disabled={playable ? undefined : true}
      data-midi={midi}
      data-lit={lit || undefined}
      data-hatched={hatched || undefined}
      className={black ? "key key-black" : "key key-white"}
      style={{
        left: `${(left / whiteKeyCount) * 100}%`,
        width: `${(width / whiteKeyCount) * 100}%`,
      }}
    >
      {lit && <span className="key-mark" />}
      {hasLabel && (
        <span className={midi === 60 ? "key-name key-name-middle" : "key-name"}>{name}</span>
      )}
    </button>
  );
});
