import type { Peer, Room } from "@fermata/contract";
import { ChevronDown, ChevronRight } from "lucide-react";
import { Fragment } from "react";
import { cn } from "../../lib/cn";
import { formatCount } from "../../lib/format";
import { AvatarRow } from "../ui/avatar";
import { Time } from "../ui/time";
import { RoomDetail } from "./room-detail";
import { roomName } from "./room-name";

interface RoomsTableProps {
  rooms: Room[];
  now: Date;
  openId: string | null;
  open(roomId: string | null): void;
  askToClose(room: Room): void;
  askToInvite(room: Room): void;
  askToKick(room: Room, peer: Peer): void;
}

const head =
  "h-[34px] whitespace-nowrap border-b pr-3 text-left font-[480] text-muted-foreground text-xs";

/** Where there is no room for it, its column stays, without a width: the rows beneath count the columns. */
const roomyOnly = "max-md:hidden @max-[36rem]:overflow-hidden @max-[36rem]:p-0";

export function RoomsTable({ rooms, openId, ...rest }: RoomsTableProps) {
  return (
    <div className="@container">
      <table className="w-full table-fixed border-separate border-spacing-0 text-sm">
        <caption className="sr-only">Open rooms, newest first</caption>
        <colgroup>
          <col />
          <col className="w-[128px] max-md:hidden" />
          <col className="w-[72px]" />
          <col className="w-[112px] max-md:hidden @max-[36rem]:w-0" />
          <col className="w-[64px]" />
        </colgroup>
        <thead>
          <tr>
            <th className={head}>Room</th>
            <th className={cn(head, "max-md:hidden")}>Peers</th>
            <th className={head}>Seats</th>
            <th className={cn(head, roomyOnly)}>Last message</th>
            <th className={cn(head, "pr-0 text-right")}>Msg/min</th>
          </tr>
        </thead>
        <tbody>
          {rooms.map((room) => (
            <RoomRows key={room.roomId} room={room} opened={room.roomId === openId} {...rest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RoomRowsProps extends Omit<RoomsTableProps, "rooms" | "openId"> {
  room: Room;
  opened: boolean;
}

function RoomRows({ room, opened, now, open, askToClose, askToInvite, askToKick }: RoomRowsProps) {
  const Chevron = opened ? ChevronDown : ChevronRight;
  const cell = "h-[54px] truncate border-b pr-3 align-middle max-md:h-[60px]";
  return (
    <Fragment>
      <tr className="group relative">
        <td className={cell}>
          <div className="flex items-center gap-2">
            <Chevron className="size-3.5 text-muted-foreground" aria-hidden="true" />
            <div className="min-w-0 flex-1">
              <button
                type="button"
                data-row={room.roomId}
                aria-expanded={opened}
                onClick={() => open(opened ? null : room.roomId)}
                className="block w-full truncate text-left font-[540] outline-none after:absolute after:inset-0 after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-ring"
              >
                {roomName(room)}
              </button>
              <span className="block truncate text-muted-foreground text-xs">
                Opened <Time at={room.createdAt} now={now} relative />
              </span>
            </div>
          </div>
        </td>
        <td className={cn(cell, "max-md:hidden")}>
          {room.peers.length > 0 ? (
            <AvatarRow names={room.peers.map(({ displayName }) => displayName)} />
          ) : (
            <span className="text-muted-foreground">Nobody</span>
          )}
        </td>
        <td className={cn(cell, "tabular-nums")}>
          {room.peers.length} of {room.capacity}
        </td>
        <td className={cn(cell, "text-muted-foreground", roomyOnly)}>
          {room.lastMessageAt ? <Time at={room.lastMessageAt} now={now} relative /> : "None"}
        </td>
        <td className={cn(cell, "pr-0 text-right tabular-nums")}>
          {formatCount(room.messagesLastMinute)}
        </td>
      </tr>
      {opened && (
        <RoomDetail
          room={room}
          now={now}
          askToClose={() => askToClose(room)}
          askToInvite={() => askToInvite(room)}
          askToKick={(peer) => askToKick(room, peer)}
        />
      )}
    </Fragment>
  );
}
