import type { Metadata } from "next";
import { cookies } from "next/headers";
import { endsCookie, readEnds } from "../../components/overview/first-steps-ends";
import { OverviewPage } from "../../components/overview/overview-page";
import { FirstAnswers } from "../../first-answers";
import { listInputs } from "../../lib/list-inputs";
import { whoAsks } from "../../who-asks";

export const metadata: Metadata = { title: "Overview" };

export default async function Page() {
  const me = await whoAsks();
  const ends = me && (await cookies()).get(endsCookie(me.user.id))?.value;
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
      <OverviewPage firstSteps={readEnds(ends)} />
    </FirstAnswers>
  );
}
