import { type RefObject, useCallback } from "react";
import type { Desk } from "../../desk";
import { wholePicture } from "../../media/crop";
import type { Call } from "../../room/call";
import { drawSnapshot } from "../../snapshots/draw-snapshot";
import { otherPeer } from "./use-peer-room";

type Video = RefObject<HTMLVideoElement | null>;

/** Takes a picture of both sides as they are now. */
export function useSnapshot(call: Call, desk: Desk, videos: { own: Video; other: Video }) {
  const { own, other } = videos;
  return useCallback(async () => {
    const { displayName, link } = call.seat;
    const { crop, mirrorOwn, mirrorOther } = desk.preferences.get();
    const peer = otherPeer(call.room.getSnapshot());
    const state = call.duet.otherState.get();
    const title = link.name ?? "Piano Mirror";
    const style = getComputedStyle(document.documentElement);
    const picture = await drawSnapshot(title, new Date(), [
      {
        name: peer?.displayName ?? "",
        video: state?.camera === false ? null : other.current,
        crop: state?.crop ?? wholePicture,
        mirrored: mirrorOther,
        held: call.duet.other.held.get(),
        colour: style.getPropertyValue("--player-other"),
      },
      {
        name: displayName,
        video: desk.media.get().camera.status === "on" ? own.current : null,
        crop,
        mirrored: mirrorOwn,
        held: desk.player.held.get(),
        colour: style.getPropertyValue("--player-own"),
      },
    ]);
    call.snapshots.add(picture, title);
  }, [call, desk, own, other]);
}
