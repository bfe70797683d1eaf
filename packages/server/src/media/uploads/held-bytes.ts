/** Of all uploads of this process that are looked at in memory. Beyond it they are looked at where they were stored. */
const mostBytes = 64 * 1024 * 1024;
/** Of one. */
const mostOfOneBytes = 4 * 1024 * 1024;

let heldBytes = 0;

/** Room in memory for a whole upload. @returns what gives it back; null where there is none */
export function takeRoom(sizeBytes: number): (() => void) | null {
  if (sizeBytes > mostOfOneBytes || heldBytes + sizeBytes > mostBytes) return null;
  heldBytes += sizeBytes;
  let isTaken = true;
  return () => {
    if (isTaken) heldBytes -= sizeBytes;
    isTaken = false;
  };
}
