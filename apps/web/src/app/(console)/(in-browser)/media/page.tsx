import type { Metadata } from "next";
import { MediaPage } from "../../../../components/media/media-page";
import { FirstAnswers } from "../../../../first-answers";
import { byCursor, listInputs } from "../../../../lib/list-inputs";

export const metadata: Metadata = { title: "Media" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc) => [
        queries.prefetchInfiniteQuery(
          trpc.storage.list.infiniteQueryOptions(listInputs.media, byCursor),
        ),
      ]}
    >
      <MediaPage />
    </FirstAnswers>
  );
}
