import { type RefObject, useEffect, useRef } from "react";
import { type Crop, cropStyle } from "../../media/crop";

interface StagePictureProps {
  video: RefObject<HTMLVideoElement | null>;
  stream: MediaStream | null;
  /** Their picture brings their sound; one's own would echo. */
  muted: boolean;
  mirrored: boolean;
  crop: Crop;
  /** Sound without a picture keeps its element. */
  hidden: boolean;
  /** The line is gone: the last picture stays, also when its track ends. */
  frozen?: boolean;
  label: string;
}

export function StagePicture(props: StagePictureProps) {
  const { video, stream, muted, mirrored, crop, hidden, frozen = false, label } = props;
  const still = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    const play = () => void element.play().catch(() => {});
    // A stream may come without tracks, and a browser may hold back its sound until the page is touched.
    stream?.addEventListener("addtrack", play);
    addEventListener("pointerdown", play);
    addEventListener("keydown", play);
    return () => {
      stream?.removeEventListener("addtrack", play);
      removeEventListener("pointerdown", play);
      removeEventListener("keydown", play);
    };
  }, [video, stream]);

  useEffect(() => {
    const canvas = still.current;
    const element = video.current;
    if (!frozen || !canvas || !element?.videoWidth) return;
    canvas.width = element.videoWidth;
    canvas.height = element.videoHeight;
    canvas.getContext("2d")?.drawImage(element, 0, 0);
  }, [frozen, video]);

  return (
    <div className="picture" data-mirrored={mirrored || undefined} hidden={hidden}>
      <video
        ref={video}
        autoPlay
        playsInline
        muted={muted}
        aria-label={label}
        style={cropStyle(crop)}
      />
      <canvas ref={still} hidden={!frozen} style={cropStyle(crop)} />
    </div>
  );
}
