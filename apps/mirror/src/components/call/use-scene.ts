import { type RefObject, useCallback } from "react";
import type { Desk } from "../../desk";
import { drawScene, type SceneContext, type SceneSide } from "../../keepsakes/draw-scene";
import { wholePicture } from "../../media/crop";
import type { Call } from "../../room/call";
import { otherPeer } from "../../room/others";

type Video = RefObject<HTMLVideoElement | null>;

/** Draws both sides as they are now. */
export function useScene(call: Call, desk: Desk, videos: { own: Video; other: Video }) {
  const { own, other } = videos;
  return useCallback(
    (context: SceneContext) => {
      const { crop, mirrorOwn, mirrorOther } = desk.preferences.get();
      const peer = otherPeer(call.room.getSnapshot());
      const state = call.duet.states.get().get(peer?.peerId ?? "");
      const style = getComputedStyle(document.documentElement);
      const sides: [SceneSide, SceneSide] = [
        {
          name: peer?.displayName ?? "",
          video: state?.camera === false ? null : other.current,
          crop: state?.crop ?? wholePicture,
          mirrored: mirrorOther,
          held: call.duet.player(peer?.peerId ?? null).held.get(),
          colour: style.getPropertyValue("--player-other"),
        },
        {
          name: call.seat.displayName,
          video: desk.media.get().camera.status === "on" ? own.current : null,
          crop,
          mirrored: mirrorOwn,
          held: desk.player.held.get(),
          colour: style.getPropertyValue("--player-own"),
        },
      ];
      drawScene(context, { title: call.title, at: new Date(), sides });
    },
    [call, desk, own, other],
  );
}
