/** The two seats, one above the other: theirs and yours. */
export function Seats({ otherIsHere }: { otherIsHere: boolean }) {
  return (
    <svg viewBox="0 0 68 38" className="seats" aria-hidden="true">
      <rect
        x="0.75"
        y="0.75"
        width="66.5"
        height="16"
        rx="3"
        className={otherIsHere ? "seat-other" : "seat-free"}
      />
      <rect y="21" width="68" height="17" rx="3" className="seat-own" />
      {[11, 20.5, 30, 39.5, 49, 58].map((x) => (
        <rect key={x} x={x} y="21" width="1" height="17" className="seat-gap" />
      ))}
    </svg>
  );
}
