"use client";

import { PeerVideo, type PeerVideoProps } from "@fermata/api/react";
import { useEffect, useState } from "react";
import { useMe } from "../shell/me";
import { Button } from "../ui/button";

/** One's own picture, once the camera is turned on. */
export function OwnCamera({ words }: Pick<PeerVideoProps, "words">) {
  const me = useMe();
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => () => stopAll(stream), [stream]);
  const turnOn = async () => {
    try {
      setStream(await navigator.mediaDevices.getUserMedia({ video: true }));
      setRefusal(null);
    } catch {
      setRefusal("The browser gives no camera to this page.");
    }
  };
  return (
    <>
      <PeerVideo
        stream={stream}
        name={me.name ?? me.email}
        muted
        mirrored
        className="max-w-[360px]"
        {...(words && { words })}
      />
      <p className="flex items-center gap-3 pt-3 text-muted-foreground text-sm">
        <Button onClick={stream ? () => setStream(null) : turnOn}>
          {stream ? "Turn the camera off" : "Turn the camera on"}
        </Button>
        <span role="status">{refusal}</span>
      </p>
    </>
  );
}

function stopAll(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
