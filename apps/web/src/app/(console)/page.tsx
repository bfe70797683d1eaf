import type { Metadata } from "next";
import { OverviewPage } from "../../components/overview/overview-page";
import { FirstAnswers } from "../../first-answers";
import { listInputs } from "../../lib/list-inputs";

export const metadata: Metadata = { title: "Overview" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc, { role }) => [
        queries.prefetchQuery(trpc.signaling.rooms.queryOptions(listInputs.openRooms)),
        ...(role === "admin"
          ? [
              queries.prefetchQuery(trpc.crons.list.queryOptions()),
              queries.prefetchQuery(trpc.instruments.list.queryOptions({ limit: 1 })),
              queries.prefetchQuery(trpc.signaling.rooms.queryOptions({ limit: 1 })),
            ]
          : []),
      ]}
    >
      <OverviewPage />
    </FirstAnswers>
  );
}
