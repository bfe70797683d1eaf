/** A camera of the page's own, whose clock the test holds: it gives pictures until it is told to give no more. */
export interface StillCamera {
  stream: MediaStream;
  track: MediaStreamTrack;
  /** From here on whoever is shown a picture is shown one from before. */
  stop(): void;
}

interface PictureMaker {
  MediaStreamTrackGenerator: new (init: {
    kind: "video";
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

export function stillCamera(): StillCamera {
  const { MediaStreamTrackGenerator } = window as unknown as PictureMaker;
  const track = new MediaStreamTrackGenerator({ kind: "video" });
  const writer = track.writable.getWriter();
  const size = { codedWidth: 160, codedHeight: 120 };
  const grey = new Uint8Array((160 * 120 * 3) / 2).fill(128);
  const timer = setInterval(() => {
    const timestamp = Math.round(performance.now() * 1_000);
    void writer.write(new VideoFrame(grey, { format: "I420", ...size, timestamp }));
  }, 20);
  return { stream: new MediaStream([track]), track, stop: () => clearInterval(timer) };
}
