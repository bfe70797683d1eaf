import type { Metadata } from "next";
import { InstrumentsPage } from "../../../../components/instruments/instruments-page";
import { FirstAnswers } from "../../../../first-answers";
import { byCursor, listInputs } from "../../../../lib/list-inputs";

export const metadata: Metadata = { title: "Instruments" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc) => [
        queries.prefetchInfiniteQuery(
          trpc.instruments.list.infiniteQueryOptions(listInputs.instruments, byCursor),
        ),
      ]}
    >
      <InstrumentsPage />
    </FirstAnswers>
  );
}
