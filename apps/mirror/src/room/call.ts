import { createPeerRoom, type Fermata, type PeerRoom } from "@fermata/api";
import type { Desk } from "../desk";
import { createSnapshots, type Snapshots } from "../snapshots/snapshots";
import { type Account, clientOf } from "./account";
import { createDuet, type Duet } from "./duet";
import { keepSeat, leaveSeat, type Seat } from "./seat";

/** One call, from going in to leaving. */
export interface Call {
  seat: Seat;
  account: Account | null;
  room: PeerRoom;
  duet: Duet;
  snapshots: Snapshots;
  /** Gives the seat up; once. */
  leave(): Promise<void>;
}

/** Takes the seat. What becomes of it is told by `room`; nothing is thrown here. */
export function startCall(desk: Desk, seat: Seat, account: Account | null): Call {
  const { link, displayName } = seat;
  const client: Fermata = clientOf(link.server, account);
  const room = createPeerRoom({
    client,
    roomId: link.roomId,
    inviteToken: link.inviteToken ?? undefined,
    displayName,
    localStream: desk.media.get().stream,
    audioProfile: desk.media.get().music ? "music" : "speech",
    iceTransportPolicy: link.relayOnly ? "relay" : "all",
  });
  const duet = createDuet(room, desk);
  const snapshots = createSnapshots(account ? client : null);
  let { stream, music } = desk.media.get();
  const stopMedia = desk.media.subscribe(() => {
    const now = desk.media.get();
    if (now.stream !== stream) room.setLocalStream(now.stream);
    if (now.music !== music) room.setAudioProfile(now.music ? "music" : "speech");
    ({ stream, music } = now);
  });
  keepSeat(seat);
  // A refusal is told by the room's status.
  room.join().catch(() => {});

  let hasLeft = false;
  return {
    seat,
    account,
    room,
    duet,
    snapshots,
    async leave() {
      if (hasLeft) return;
      hasLeft = true;
      leaveSeat();
      stopMedia();
      snapshots.close();
      duet.close();
      await room.leave();
    },
  };
}
