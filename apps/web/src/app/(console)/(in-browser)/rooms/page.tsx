import type { Metadata } from "next";
import { RoomsPage } from "../../../../components/rooms/rooms-page";
import { FirstAnswers } from "../../../../first-answers";
import { byCursor, listInputs } from "../../../../lib/list-inputs";

export const metadata: Metadata = { title: "Rooms" };

export default function Page() {
  return (
    <FirstAnswers
      ask={(queries, trpc) => [
        queries.prefetchInfiniteQuery(
          trpc.signaling.rooms.infiniteQueryOptions(listInputs.openRooms, byCursor),
        ),
      ]}
    >
      <RoomsPage />
    </FirstAnswers>
  );
}
