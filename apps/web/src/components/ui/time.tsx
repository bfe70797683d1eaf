import { formatExact, formatRelative, formatWhen } from "../../lib/dates";
import { useZone } from "../../lib/use-made-for";

interface TimeProps {
  at: string;
  now: Date;
  /** `4 min ago` instead of `14:32`. */
  relative?: boolean;
}

/** An instant in the reader's zone; whoever hovers sees all of it. */
export function Time({ at, now, relative = false }: TimeProps) {
  const date = new Date(at);
  const zone = useZone();
  return (
    <time dateTime={at} title={formatExact(date, zone)}>
      {relative ? formatRelative(date, now) : formatWhen(date, now, zone)}
    </time>
  );
}
