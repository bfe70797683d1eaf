import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Desk } from "../../desk";
import { useKeySource } from "../../hooks/use-key-source";
import { phoneQuery, useMediaQuery } from "../../hooks/use-media-query";
import { useStore } from "../../hooks/use-store";
import { takeSnapshot } from "../../keepsakes/draw-scene";
import { isWantedOn } from "../../media/device-status";
import { moveWindow, type PianoWindow } from "../../piano/piano-window";
import type { Call } from "../../room/call";
import { noteOf } from "../../room/call-note";
import { type Ending, endingOf } from "../../room/ended";
import { firstName } from "../../text";
import { Announcer } from "./announcer";
import { CallBar } from "./call-bar";
import { CallHead } from "./call-head";
import { FullPage } from "./full-page";
import { FurtherTiles } from "./further-tiles";
import { KeysDialog } from "./keys-dialog";
import { LargeKeysDialog } from "./large-keys-dialog";
import { OtherStage } from "./other-stage";
import { OwnStage } from "./own-stage";
import { SoundGate } from "./sound-gate";
import { useCallActs } from "./use-call-acts";
import { useRoom } from "./use-peer-room";
import { useScene } from "./use-scene";
import { type Shortcut, useShortcuts } from "./use-shortcuts";

interface CallPageProps {
  desk: Desk;
  call: Call;
  /** The call is over, in this way. */
  onEnd(ending: Ending): void;
}

/** B2 to C6, where most is played. */
const phoneWindow: PianoWindow = { firstWhite: 14, whites: 23 };

export function CallPage({ desk, call, onEnd }: CallPageProps) {
  const snapshot = useRoom(call.room);
  const source = useKeySource(desk);
  const isPhone = useMediaQuery(phoneQuery);
  const [view, setView] = useState(phoneWindow);
  const move = (firstWhite: number) => setView((now) => moveWindow(now, firstWhite));
  const ownVideo = useRef<HTMLVideoElement>(null);
  const otherVideo = useRef<HTMLVideoElement>(null);
  const keysDialog = useRef<HTMLDialogElement>(null);
  const largeKeysDialog = useRef<HTMLDialogElement>(null);
  const acts = useCallActs(desk);
  const draw = useScene(call, desk, { own: ownVideo, other: otherVideo });
  const snapshots = useRef(0);
  const keepSnapshot = useCallback(async () => {
    const bytes = await takeSnapshot(draw);
    const number = ++snapshots.current;
    const filename = `${call.title}, snapshot ${number}.jpg`;
    call.keep({ title: `Snapshot ${number}`, filename, bytes });
  }, [call, draw]);
  const states = useStore(call.duet.states);
  const { notice: deviceNotice } = useStore(desk.media);
  const { title } = call;

  useEffect(() => {
    document.title = `${title}, in the room`;
  }, [title]);

  // After a reload nobody went through the lobby.
  useEffect(() => {
    const { cameraOn, microphoneOn } = desk.preferences.get();
    void desk.media.open({ camera: cameraOn, microphone: microphoneOn });
    void desk.midi.open();
  }, [desk]);

  const ending = endingOf(snapshot.status, snapshot.error);
  useEffect(() => {
    if (ending) onEnd(ending);
  }, [ending, onEnd]);

  const shortcuts = useMemo<Record<Shortcut, () => void>>(
    () => ({
      microphone: () => acts.setMicrophone(!isWantedOn(desk.media.get().microphone.status)),
      camera: () => acts.setCamera(!isWantedOn(desk.media.get().camera.status)),
      mirror: acts.toggleMirror,
      snapshot: () => void keepSnapshot(),
      music: () => acts.setMusic(!desk.media.get().music),
      help: () => keysDialog.current?.showModal(),
    }),
    [acts, desk, keepSnapshot],
  );
  const needsAlt = source.kind === "computer";
  useShortcuts(shortcuts, { needsAlt });

  // While it asks again, too: the page of the call is for who sits in it.
  const [isWaiting, setIsWaiting] = useState(false);
  const { status } = snapshot;
  useEffect(() => {
    if (status !== "joining") setIsWaiting(status === "full");
  }, [status]);
  if (status === "full" || (isWaiting && status === "joining")) {
    return <FullPage desk={desk} call={call} nextTryAt={snapshot.nextTryAt} />;
  }

  const recording = snapshot.peers.find(
    ({ state, peerId }) => state === "connected" && states.get(peerId)?.recording,
  );
  const notice =
    noteOf(snapshot) ??
    deviceNotice ??
    (recording ? `${firstName(recording.displayName)} is recording` : null);
  const place = { view: isPhone ? view : null, onMove: move };
  return (
    <div className="call dark">
      <CallHead call={call} snapshot={snapshot} />
      <main className="call-stages">
        {notice && (
          <p className="call-note" role="status">
            {notice}
          </p>
        )}
        <OtherStage call={call} desk={desk} video={otherVideo} {...place} />
        <OwnStage call={call} desk={desk} video={ownVideo} onCamera={acts.setCamera} {...place} />
        <FurtherTiles call={call} snapshot={snapshot} />
        <SoundGate desk={desk} />
      </main>
      <CallBar
        desk={desk}
        source={source}
        call={call}
        acts={acts}
        draw={draw}
        onSnapshot={() => void keepSnapshot()}
        onKeys={() => keysDialog.current?.showModal()}
        onLargeKeys={() => largeKeysDialog.current?.showModal()}
        onLeave={() => void call.leave()}
      />
      <KeysDialog dialog={keysDialog} desk={desk} needsAlt={needsAlt} />
      <LargeKeysDialog dialog={largeKeysDialog} desk={desk} />
      <Announcer call={call} desk={desk} />
    </div>
  );
}
