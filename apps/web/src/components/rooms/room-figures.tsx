import type { Room } from "@fermata/contract";
import { formatClock, formatRelative } from "../../lib/dates";
import { formatCount, plural } from "../../lib/format";
import { Figures } from "../ui/figures";
import type { Peak } from "./use-activity";

interface RoomFiguresProps {
  rooms: Room[];
  /** More rooms are open than these. */
  partial: boolean;
  /** The most peers at a time in the last 24 hours. */
  peak: Peak | null;
  now: Date;
}

export function RoomFigures({ rooms, partial, peak, now }: RoomFiguresProps) {
  const live = rooms.filter(({ peers }) => peers.length > 0);
  const peers = rooms.flatMap((room) => room.peers);
  const away = peers.filter(({ online }) => !online).length;
  const seats = rooms.reduce((sum, { capacity }) => sum + capacity, 0);
  const messages = rooms.reduce((sum, { messagesLastMinute }) => sum + messagesLastMinute, 0);
  return (
    <Figures
      figures={[
        {
          label: "Live rooms",
          value: formatCount(live.length),
          note: partial
            ? `among the newest ${rooms.length}`
            : `${formatCount(rooms.length)} open, ${formatCount(rooms.length - live.length)} empty`,
        },
        {
          label: "Peers",
          value: formatCount(peers.length),
          note: describePeers(peers.length, away, peak),
        },
        {
          label: "Free seats",
          value: formatCount(seats - peers.length),
          note:
            rooms.length > 0
              ? `of ${formatCount(seats)} in ${plural(rooms.length, "room")}`
              : "no room is open",
        },
        {
          label: "Messages",
          value: formatCount(messages),
          unit: "per min",
          note: lastMessage(rooms, now),
        },
      ]}
    />
  );
}

function describePeers(peers: number, away: number, peak: Peak | null): string {
  if (away > 0) return `${formatCount(away)} of them away`;
  // A sample is minutes old: what is here now may be more.
  if (peak && peak.value > peers) {
    return `peak ${formatCount(peak.value)}, at ${formatClock(peak.at)}`;
  }
  return peers > 0 ? "all of them connected" : "nobody is connected";
}

function lastMessage(rooms: Room[], now: Date): string {
  const instants = rooms.flatMap(({ lastMessageAt }) => lastMessageAt ?? []);
  const last = instants.toSorted().at(-1);
  // A message is forgotten after an hour.
  return last ? `last one ${formatRelative(new Date(last), now)}` : "none in the last hour";
}
