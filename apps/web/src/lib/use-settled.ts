import { useEffect, useState } from "react";

/** A value once it has stood still: what is asked of the server while somebody types. */
export function useSettled<T>(value: T, stillMs = 200): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), stillMs);
    return () => clearTimeout(timer);
  }, [value, stillMs]);
  return settled;
}
