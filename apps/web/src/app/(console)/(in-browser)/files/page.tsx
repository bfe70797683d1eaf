import type { Metadata } from "next";
import { FilesPage } from "../../../../components/files/files-page";
import { FirstAnswers } from "../../../../first-answers";
import { byCursor, listInputs } from "../../../../lib/list-inputs";

export const metadata: Metadata = { title: "Files" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc) => [
        queries.prefetchInfiniteQuery(
          trpc.files.list.infiniteQueryOptions(listInputs.files, byCursor),
        ),
      ]}
    >
      <FilesPage />
    </FirstAnswers>
  );
}
