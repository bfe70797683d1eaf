import { type ReactNode, Suspense, useState } from "react";

interface WhenOpenedProps {
  open: boolean;
  /** A dialog by `lazy`. */
  children: ReactNode;
}

/** Waits with what is inside until it is opened first, so that its script does not come with the page. */
export function WhenOpened({ open, children }: WhenOpenedProps) {
  const [isWanted, setWanted] = useState(open);
  if (open && !isWanted) setWanted(true);
  return isWanted && <Suspense fallback={null}>{children}</Suspense>;
}
