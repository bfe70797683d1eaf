import { createPeerRoom, type Fermata, type PeerRoom } from "@fermata/api";
import type { Desk } from "../desk";
import type { KeptBytes } from "../keepsakes/keepsakes";
import { createRecorder, type Recorder } from "../recording/recorder";
import { createStore } from "../store";
import { type Account, clientOf } from "./account";
import { createDuet, type Duet } from "./duet";
import type { RoomLink } from "./invite-link";
import { keepSeat, leaveSeat, type Seat } from "./seat";

/** One call, from going in to leaving. */
export interface Call {
  seat: Seat;
  account: Account | null;
  /** What the room is called. */
  title: string;
  room: PeerRoom;
  duet: Duet;
  recorder: Recorder;
  /** Keeps it on the server, for who is signed in; on this device otherwise. */
  keep(kept: KeptBytes): void;
  /** Gives the seat up; once. */
  leave(): Promise<void>;
}

/** Somebody in the lobby. */
export interface Waiting {
  /** Takes the seat. What becomes of it is told by `room`; nothing is thrown here. */
  enter(seat: Seat): Call;
  /** For who goes elsewhere; not after `enter`. */
  close(): void;
}

/** Takes the seat without a lobby: a reload comes back to it. */
export function startCall(desk: Desk, seat: Seat, account: Account | null): Call {
  return openRoom(desk, seat.link, account).enter(seat);
}

/** Prepares a call as far as that goes, while somebody looks into the mirror and decides. */
export function prepareCall(desk: Desk, link: RoomLink, account: Account | null): Waiting {
  const { room, ...waiting } = openRoom(desk, link, account);
  void room.prepare();
  return waiting;
}

function openRoom(
  desk: Desk,
  link: RoomLink,
  account: Account | null,
): Waiting & { room: PeerRoom } {
  const client: Fermata = clientOf(link.server, account);
  const room = createPeerRoom({
    client,
    roomId: link.roomId,
    inviteToken: link.inviteToken ?? undefined,
    displayName: "",
    localStream: desk.media.get().stream,
    audioProfile: desk.media.get().music ? "music" : "speech",
    iceTransportPolicy: link.relayOnly ? "relay" : "all",
  });
  let { stream, music } = desk.media.get();
  const stopMedia = desk.media.subscribe(() => {
    const now = desk.media.get();
    if (now.stream !== stream) room.setLocalStream(now.stream);
    if (now.music !== music) room.setAudioProfile(now.music ? "music" : "speech");
    ({ stream, music } = now);
  });
  return {
    room,
    enter(seat) {
      const title = link.name ?? "Piano Mirror";
      const isRecording = createStore(false);
      const duet = createDuet(room, desk, isRecording);
      const { displayName } = seat;
      const keep = (kept: KeptBytes) =>
        desk.keepsakes.add(kept, account && (() => clientOfNow(desk, link.server)));
      desk.keepsakes.tidy();
      const recorder = createRecorder(isRecording, { room, desk, duet, title, displayName, keep });
      // What is not there yet would be lost with the page.
      const holdPage = (event: BeforeUnloadEvent) => {
        if (isRecording.get() || desk.keepsakes.isNeeded()) event.preventDefault();
      };
      addEventListener("beforeunload", holdPage);
      keepSeat(seat);
      // A refusal is told by the room's status.
      room.join({ displayName }).catch(() => {});
      let hasLeft = false;
      return {
        seat,
        account,
        title,
        room,
        duet,
        recorder,
        keep,
        async leave() {
          if (hasLeft) return;
          hasLeft = true;
          leaveSeat();
          stopMedia();
          const recorded = recorder.stop();
          duet.close();
          await Promise.all([recorded, room.leave()]);
        },
      };
    },
    close() {
      stopMedia();
      void room.leave();
    },
  };
}

/** Whoever was signed out during the call, and in again, keeps what was made of it, too. */
function clientOfNow(desk: Desk, server: string): Fermata | null {
  const account = desk.account.get();
  return account?.server === server ? clientOf(server, account) : null;
}
