import { useEffect, useState } from "react";

/** True once `afterMs` have passed: what answers sooner never flashes a skeleton. */
export function useDelayed(afterMs = 200): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return passed;
}
