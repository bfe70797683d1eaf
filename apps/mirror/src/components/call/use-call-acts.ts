import { useMemo } from "react";
import type { Desk } from "../../desk";

/** What a button or a shortcut does to this side. Remembered for the next call. */
export function useCallActs(desk: Desk) {
  return useMemo(() => {
    const { preferences, media } = desk;
    return {
      setCamera(on: boolean) {
        preferences.update({ cameraOn: on });
        void media.setCamera(on);
      },
      setMicrophone(on: boolean) {
        preferences.update({ microphoneOn: on });
        void media.setMicrophone(on);
      },
      setMusic(on: boolean) {
        preferences.update({ music: on });
        void media.setMusic(on);
      },
      toggleMirror: () => preferences.update({ mirrorOther: !preferences.get().mirrorOther }),
    };
  }, [desk]);
}

export type CallActs = ReturnType<typeof useCallActs>;
