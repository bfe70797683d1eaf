import { Volume2 } from "lucide-react";
import { useEffect, useState } from "react";
import type { Desk } from "../../desk";

/** After a reload browsers keep a page silent until it is touched. This says so, and any click ends it. */
export function SoundGate({ desk }: { desk: Desk }) {
  const [silent, setSilent] = useState(() => navigator.userActivation?.hasBeenActive === false);
  useEffect(() => {
    if (!silent) return;
    const stop = new AbortController();
    const wake = () => {
      void desk.synth.wake();
      setSilent(false);
    };
    addEventListener("pointerdown", wake, { signal: stop.signal });
    addEventListener("keydown", wake, { signal: stop.signal });
    return () => stop.abort();
  }, [silent, desk]);
  if (!silent) return null;
  return (
    <button type="button" className="button button-primary sound-gate">
      <Volume2 className="icon" />
      Turn the sound on
    </button>
  );
}
