import type { ReactNode } from "react";
import { SessionGate } from "../../components/shell/session-gate";
import { Shell } from "../../components/shell/shell";

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <Shell>{children}</Shell>
    </SessionGate>
  );
}
