import type { ReactNode } from "react";
import { Providers } from "../../components/providers";
import { SessionGate } from "../../components/shell/session-gate";
import { Shell } from "../../components/shell/shell";
import { pageClient } from "../../page-client";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  return (
    <Providers>
      <SessionGate known={await whoAsks()}>
        <Shell>{children}</Shell>
      </SessionGate>
    </Providers>
  );
}

/**
 * Who it is stands in the page already. Nobody is not believed: a page that was fetched ahead of a sign-in asks again. Where
 * the server cannot say, the page tells why.
 */
async function whoAsks() {
  try {
    const { trpc } = await pageClient();
    return (await trpc.auth.me.query()) ?? undefined;
  } catch {
    return undefined;
  }
}
