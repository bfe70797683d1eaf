import { useEffect } from "react";

let awake = false;

/** Whether React has taken over the page. Before that, what the browser renders has to be what the server rendered. */
export function isAwake(): boolean {
  return awake;
}

/** For what stands around everything else, whose effects come last. */
export function useWakeUp(): void {
  useEffect(() => {
    awake = true;
  }, []);
}
