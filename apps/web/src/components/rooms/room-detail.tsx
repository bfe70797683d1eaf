import type { Peer, Room } from "@fermata/contract";
import { CircleCheck, CircleDashed, UserX } from "lucide-react";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { CodeLine } from "../ui/code-line";
import { IconButton } from "../ui/icon-button";
import { StateLabel } from "../ui/state-label";
import { Time } from "../ui/time";
import { roomName } from "./room-name";

interface RoomDetailProps {
  room: Room;
  now: Date;
  askToClose(): void;
  askToInvite(): void;
  askToKick(peer: Peer): void;
}

/** The rows under an open room: who sits in it, and what can be done. */
export function RoomDetail({ room, now, askToClose, askToInvite, askToKick }: RoomDetailProps) {
  const title = roomName(room);
  const cell = "h-10 truncate border-b pr-3 align-middle max-md:h-[52px]";
  return (
    <>
      {room.peers.map((peer) => (
        <tr key={peer.peerId}>
          <td className={`${cell} pl-[34px] max-md:pl-2`}>
            <div className="flex items-center gap-2.5">
              <Avatar name={peer.displayName} className="size-[22px] text-[9px]" />
              <span className="min-w-0 flex-1 truncate">
                <span className="font-[480]">{peer.displayName}</span>
                <span className="ml-2 text-muted-foreground text-xs max-md:ml-0 max-md:block">
                  joined <Time at={peer.joinedAt} now={now} />
                  <span className="md:hidden">{peer.online ? "" : ", away"}</span>
                </span>
              </span>
            </div>
          </td>
          <td className={`${cell} max-md:hidden`}>
            {peer.online ? (
              <StateLabel tone="ok" icon={CircleCheck}>
                Connected
              </StateLabel>
            ) : (
              <StateLabel tone="off" icon={CircleDashed}>
                Away
              </StateLabel>
            )}
          </td>
          <td className={cell} />
          <td className={`${cell} max-md:hidden`} />
          <td className={`${cell} overflow-visible pr-0`}>
            <IconButton
              label={`Remove ${peer.displayName} from ${title}`}
              onClick={() => askToKick(peer)}
              className="-mr-1.5 ml-auto max-md:-mr-3.5"
            >
              <UserX />
            </IconButton>
          </td>
        </tr>
      ))}
      <tr>
        <td colSpan={3} className="border-b py-3 pr-3 pl-[34px] max-md:pr-0 max-md:pl-2">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
            <CodeLine
              text={room.roomId}
              what="the room id"
              className="w-[280px] max-w-full max-md:w-full"
            />
            <span className="flex-1 whitespace-nowrap text-muted-foreground text-xs">
              Closes by itself <Time at={room.expiresAt} now={now} relative />
            </span>
            <Button size="sm" onClick={askToInvite}>
              New invite…
            </Button>
            <CloseButton onClick={askToClose} className="md:hidden" />
          </div>
        </td>
        <td colSpan={2} className="border-b text-right max-md:hidden">
          <CloseButton onClick={askToClose} />
        </td>
      </tr>
    </>
  );
}

function CloseButton({ onClick, className }: { onClick(): void; className?: string }) {
  return (
    <Button variant="danger" size="sm" onClick={onClick} className={className}>
      Close the room…
    </Button>
  );
}
