import { useEffect, useState } from "react";
import { useFirstNow } from "./use-made-for";

/** The present, renewed at an interval: for relative times. */
export function useNow(everyMs = 15_000): Date {
  const first = useFirstNow();
  const [now, setNow] = useState(first);
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
