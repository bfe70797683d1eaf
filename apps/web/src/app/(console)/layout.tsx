import type { ReactNode } from "react";
import { consoleOfApp } from "../../api-slot";
import { MadeForReader } from "../../components/made-for-reader";
import { Providers } from "../../components/providers";
import { OperatorGate, SessionGate } from "../../components/shell/gates";
import { Shell } from "../../components/shell/shell";
import { FirstAnswers } from "../../first-answers";
import { madeFor } from "../../made-for";
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
        <MadeForReader made={await madeFor()}>
          <SessionGate known={await whoAsks()}>
            <Shell>{children}</Shell>
          </SessionGate>
        </MadeForReader>
      </FirstAnswers>
    </Providers>
  );
}
