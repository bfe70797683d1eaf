"use client";

import type { ReactNode } from "react";
import { useIsInBrowser } from "../../lib/use-is-in-browser";
import { MeContext, operator } from "./me";

/** The link that led here said enough; no table knows who came. */
export function OperatorGate({ children }: { children: ReactNode }) {
  return useIsInBrowser() && <MeContext value={operator}>{children}</MeContext>;
}
