import type { Metadata } from "next";
import { CronsPage } from "../../../../components/crons/crons-page";
import { FirstAnswers } from "../../../../first-answers";

export const metadata: Metadata = { title: "Crons" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc, { role }) => [
        ...(role === "admin" ? [queries.prefetchQuery(trpc.crons.list.queryOptions())] : []),
      ]}
    >
      <CronsPage />
    </FirstAnswers>
  );
}
