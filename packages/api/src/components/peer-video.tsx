"use client";

import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from "react";
import type { RemotePeer } from "../peer-room/types";
import { SoundIcon } from "./icons";
import { englishWords, type UploadWords } from "./upload-words";

interface PeerVideoBase extends Omit<ComponentProps<"div">, "children"> {
  /** As in a mirror: for one's own picture. */
  mirrored?: boolean;
  /** Without sound: for one's own picture, which would echo. */
  muted?: boolean;
  /** Shown while there is no picture; left out, the first letters of the name. */
  fallback?: ReactNode;
  /** Over the picture: what can be done, what is to be known. */
  children?: ReactNode;
  words?: Pick<Partial<UploadWords>, "soundOn">;
}

export type PeerVideoProps = PeerVideoBase &
  (
    | { peer: RemotePeer; stream?: undefined; name?: string }
    | { peer?: undefined; stream: MediaStream | null; name: string }
  );

/**
 * Who takes part in a call, or oneself: the picture, or the name while the camera is off. Where the browser holds the sound
 * back until the page is touched, it shows a button for it.
 */
export function PeerVideo({
  peer,
  stream = peer?.stream ?? null,
  name = peer?.displayName ?? "",
  mirrored = false,
  muted = false,
  fallback,
  children,
  words,
  ...props
}: PeerVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  const hasPicture = usePicture(stream);
  const [isHeldBack, setHeldBack] = useState(false);
  const play = () =>
    video.current?.play().then(
      () => setHeldBack(false),
      (error: DOMException) => setHeldBack(error.name === "NotAllowedError"),
    );
  const latestPlay = useRef(play);
  latestPlay.current = play;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    const playAnew = () => void latestPlay.current();
    if (stream && stream.getTracks().length > 0) playAnew();
    // A stream may come before its tracks.
    stream?.addEventListener("addtrack", playAnew);
    return () => stream?.removeEventListener("addtrack", playAnew);
  }, [stream]);
  return (
    <div
      data-fermata="peer-video"
      {...props}
      data-state={peer?.state}
      data-camera={hasPicture ? "on" : "off"}
      data-mirrored={mirrored || undefined}
    >
      {/* The one who speaks needs no captions of the page's. */}
      <video ref={video} autoPlay playsInline muted={muted} aria-label={name} />
      {!hasPicture && <span data-part="fallback">{fallback ?? initialsOf(name)}</span>}
      <span data-part="name">
        <bdi>{name}</bdi>
      </span>
      {isHeldBack && (
        <button type="button" data-part="text-act" onClick={() => void play()}>
          <SoundIcon />
          {words?.soundOn ?? englishWords.soundOn}
        </button>
      )}
      {children}
    </div>
  );
}

/** Whether a stream has a picture that moves: a camera that is off keeps its place. */
function usePicture(stream: MediaStream | null): boolean {
  const [hasPicture, setHasPicture] = useState(false);
  useEffect(() => {
    const look = () =>
      setHasPicture(
        stream
          ?.getVideoTracks()
          .some(({ readyState, muted, enabled }) => readyState === "live" && !muted && enabled) ??
          false,
      );
    const heard = ["mute", "unmute", "ended"];
    let tracks: MediaStreamTrack[] = [];
    const follow = () => {
      for (const track of tracks) for (const kind of heard) track.removeEventListener(kind, look);
      tracks = stream?.getVideoTracks() ?? [];
      for (const track of tracks) for (const kind of heard) track.addEventListener(kind, look);
      look();
    };
    follow();
    stream?.addEventListener("addtrack", follow);
    stream?.addEventListener("removetrack", follow);
    // No event tells of `enabled`.
    const timer = setInterval(look, 1_000);
    return () => {
      clearInterval(timer);
      for (const track of tracks) for (const kind of heard) track.removeEventListener(kind, look);
      stream?.removeEventListener("addtrack", follow);
      stream?.removeEventListener("removetrack", follow);
    };
  }, [stream]);
  return hasPicture;
}

/** Of the first and the last word: `Maja Lindqvist` is ML. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
