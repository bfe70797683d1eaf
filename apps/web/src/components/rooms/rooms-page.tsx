"use client";

import type { Peer, Room } from "@fermata/contract";
import { Plus, Radio, RefreshCw } from "lucide-react";
import { lazy, useState } from "react";
import { useSearchParams } from "../../lib/address";
import { formatRelative } from "../../lib/dates";
import { useShortcuts } from "../../lib/shortcuts";
import { useNow } from "../../lib/use-now";
import { useOpenItem } from "../../lib/use-open-item";
import { useIsOperator } from "../shell/me";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { ActionText, Page } from "../ui/page";
import { Section } from "../ui/section";
import { StaleNote } from "../ui/stale-note";
import { WhenOpened } from "../ui/when-opened";
import { CloseRoomDialog } from "./close-room-dialog";
import { CredentialsChart } from "./credentials-chart";
import { DayCharts } from "./day-charts";
import { EarlierRooms } from "./earlier-rooms";
import { KickPeerDialog } from "./kick-peer-dialog";
import { NewInviteDialog } from "./new-invite-dialog";
import { RoomFigures } from "./room-figures";
import { RoomsSkeleton } from "./rooms-skeleton";
import { RoomsTable } from "./rooms-table";
import { TurnCard } from "./turn-card";
import { useActivity } from "./use-activity";
import { useRooms } from "./use-rooms";

const NewRoomDialog = lazy(async () => ({
  default: (await import("./new-room-dialog")).NewRoomDialog,
}));

/** What is being asked about before it is done. */
type Question = { what: "close" | "invite"; room: Room } | { what: "kick"; room: Room; peer: Peer };

export function RoomsPage() {
  const now = useNow(1_000);
  const { list, rooms } = useRooms();
  const activity = useActivity(now);
  const newRoom = useNewRoomParam();
  const isOperator = useIsOperator();
  const [question, setQuestion] = useState<Question | null>(null);
  const opened = useOpenItem(rooms.map(({ roomId }) => roomId));
  useShortcuts({ escape: () => (opened.openId === null ? false : opened.open(null)) });
  const answered = () => setQuestion(null);

  return (
    <Page
      title="Rooms"
      sub="Who is connected now, and how the media gets there"
      actions={
        !isOperator && (
          <Button variant="primary" onClick={newRoom.show}>
            <Plus />
            <ActionText>New room</ActionText>
          </Button>
        )
      }
    >
      {list.isPending && <RoomsSkeleton />}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data && (
        <>
          <RoomFigures
            rooms={rooms}
            partial={list.hasNextPage}
            peak={activity?.peak ?? null}
            now={now}
          />
          <div className="grid gap-x-11 gap-y-8 pt-[26px] lg:grid-cols-[minmax(0,1fr)_316px]">
            <div className="min-w-0">
              <Section
                title="Open now"
                aside={
                  <>
                    <RefreshCw className="size-3.5" aria-hidden="true" />
                    <span className="tabular-nums">
                      {formatRelative(new Date(list.dataUpdatedAt), now)}
                    </span>
                  </>
                }
              >
                {list.isRefetchError && (
                  <StaleNote
                    error={list.error}
                    dataUpdatedAt={list.dataUpdatedAt}
                    retry={() => void list.refetch()}
                  />
                )}
                {rooms.length > 0 ? (
                  <RoomsTable
                    rooms={rooms}
                    now={now}
                    openId={opened.openId}
                    open={opened.open}
                    askToClose={(room) => setQuestion({ what: "close", room })}
                    askToInvite={(room) => setQuestion({ what: "invite", room })}
                    askToKick={(room, peer) => setQuestion({ what: "kick", room, peer })}
                  />
                ) : (
                  <NoRooms newRoom={isOperator ? null : newRoom.show} />
                )}
                <MoreButton list={list} />
              </Section>
              <DayCharts activity={activity} />
              <EarlierRooms now={now} />
            </div>
            <aside className="grid content-start gap-y-[26px]">
              {activity && activity.hours.length > 0 && <CredentialsChart hours={activity.hours} />}
              <TurnCard now={now} />
            </aside>
          </div>
        </>
      )}
      <WhenOpened open={newRoom.shown && !isOperator}>
        <NewRoomDialog open={newRoom.shown} close={newRoom.hide} />
      </WhenOpened>
      {question?.what === "kick" && (
        <KickPeerDialog room={question.room} peer={question.peer} close={answered} />
      )}
      {question?.what === "close" && <CloseRoomDialog room={question.room} close={answered} />}
      {question?.what === "invite" && <NewInviteDialog room={question.room} close={answered} />}
    </Page>
  );
}

/** The dialog stands in the address, so that the palette can lead to it. */
function useNewRoomParam() {
  const shown = useSearchParams().has("new");
  const set = (show: boolean) => {
    const url = new URL(window.location.href);
    if (show) url.searchParams.set("new", "1");
    else url.searchParams.delete("new");
    window.history.replaceState(null, "", url);
  };
  return { shown, show: () => set(true), hide: () => set(false) };
}

function NoRooms({ newRoom }: { newRoom: (() => void) | null }) {
  return (
    <EmptyState
      className="mt-4"
      icon={<Radio />}
      title="No room is open"
      action={
        newRoom && (
          <Button variant="primary" onClick={newRoom}>
            <Plus />
            New room
          </Button>
        )
      }
    >
      A room carries the offers and answers by which browsers find each other. Open one here, or
      from your app with <span className="mono">signaling.createRoom</span>.
    </EmptyState>
  );
}
