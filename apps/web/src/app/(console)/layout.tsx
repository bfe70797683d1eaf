import type { ReactNode } from "react";
import { consoleOfApp } from "../../api-slot";
import { Providers } from "../../components/providers";
import { OperatorGate } from "../../components/shell/operator-gate";
import { SessionGate } from "../../components/shell/session-gate";
import { Shell } from "../../components/shell/shell";
import { FirstAnswers } from "../../first-answers";
import { whoAsks } from "../../who-asks";

/** Who it is, and the sidebar's figures, stand in the page already. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const ofApp = consoleOfApp();
  if (ofApp) {
    return (
      <Providers url={ofApp.basePath}>
        <OperatorGate>
          <Shell>{children}</Shell>
        </OperatorGate>
      </Providers>
    );
  }
  return (
    <Providers>
      <FirstAnswers
        ask={(queries, trpc) => [
          queries.prefetchQuery(trpc.overview.summary.queryOptions()),
          queries.prefetchQuery(trpc.files.usage.queryOptions()),
          queries.prefetchQuery(trpc.storage.usage.queryOptions()),
        ]}
      >
        <SessionGate known={await whoAsks()}>
          <Shell>{children}</Shell>
        </SessionGate>
      </FirstAnswers>
    </Providers>
  );
}
