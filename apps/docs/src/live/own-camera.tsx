import { PeerVideo } from "@fermata/api/react";
import { useEffect, useState } from "react";

/** One's own picture, once the camera is turned on. It stays in the page. */
export function OwnCamera() {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [refusal, setRefusal] = useState("");
  useEffect(
    () => () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    },
    [stream],
  );
  const turnOn = async () => {
    try {
      setStream(await navigator.mediaDevices.getUserMedia({ video: true }));
      setRefusal("");
    } catch {
      setRefusal("The browser gives no camera to this page.");
    }
  };
  return (
    <>
      <PeerVideo stream={stream} name="Maja Lindqvist" muted mirrored className="live-clip" />
      <button
        type="button"
        className="live-button"
        onClick={stream ? () => setStream(null) : turnOn}
      >
        {stream ? "Turn the camera off" : "Turn the camera on"}
      </button>
      <span role="status" className="live-hint">
        {refusal}
      </span>
    </>
  );
}
