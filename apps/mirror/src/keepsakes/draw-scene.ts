import { type Crop, cropRectangle } from "../media/crop";
import { blackKeyHeight, pianoKeys, whiteKeyCount } from "../piano/keyboard-layout";

export interface SceneSide {
  name: string;
  /** Null where there is no picture. */
  video: HTMLVideoElement | null;
  crop: Crop;
  mirrored: boolean;
  held: ReadonlySet<number>;
  colour: string;
}

export type SceneContext = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

const width = 1920;
const margin = 32;
const pictureHeight = 340;
const keysHeight = 130;
const gap = 20;
const headHeight = 64;
const sideHeight = pictureHeight + keysHeight;
const height = headHeight + 2 * sideHeight + gap + margin;
const jpegQuality = 0.92;

/** In pixels. */
export const sceneSize = { width, height };

/** Both pictures, each over its drawn keys. */
export function drawScene(
  context: SceneContext,
  { title, at, sides }: { title: string; at: Date; sides: readonly [SceneSide, SceneSide] },
): void {
  context.fillStyle = "#161310";
  context.fillRect(0, 0, width, height);
  context.fillStyle = "#ebe7df";
  context.font = "500 26px 'Newsreader Variable', Georgia, serif";
  context.textBaseline = "middle";
  context.fillText(title, margin, headHeight / 2);
  context.textAlign = "right";
  context.font = "20px 'Geist Variable', sans-serif";
  context.fillText(at.toLocaleString(), width - margin, headHeight / 2);
  context.textAlign = "left";
  sides.forEach((side, index) => {
    drawSide(context, side, headHeight + index * (sideHeight + gap));
  });
}

/** The scene of this moment as a picture. */
export function takeSnapshot(draw: (context: SceneContext) => void): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser cannot draw a picture.");
  draw(context);
  return canvas.convertToBlob({ type: "image/jpeg", quality: jpegQuality });
}

function drawSide(context: SceneContext, side: SceneSide, top: number) {
  const inner = width - 2 * margin;
  context.save();
  context.beginPath();
  context.roundRect(margin, top, inner, sideHeight, 12);
  context.clip();
  context.fillStyle = "#0c0a08";
  context.fillRect(margin, top, inner, sideHeight);
  if (side.video?.videoWidth) drawPicture(context, side.video, side, top);
  context.font = "500 26px 'Newsreader Variable', Georgia, serif";
  context.fillStyle = side.colour;
  context.beginPath();
  context.arc(margin + 28, top + 34, 7, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#ebe7df";
  context.shadowColor = "#000";
  context.shadowBlur = 8;
  context.fillText(side.name, margin + 48, top + 36);
  context.shadowBlur = 0;
  drawKeys(context, side, top + pictureHeight);
  context.restore();
}

function drawPicture(
  context: SceneContext,
  video: HTMLVideoElement,
  { crop, mirrored }: SceneSide,
  top: number,
) {
  const inner = width - 2 * margin;
  const source = { width: video.videoWidth, height: video.videoHeight };
  const part = cropRectangle(crop, source, inner / pictureHeight);
  context.save();
  context.translate(mirrored ? width - margin : margin, top);
  context.scale(mirrored ? -1 : 1, 1);
  context.drawImage(
    video,
    part.left,
    part.top,
    part.width,
    part.height,
    0,
    0,
    inner,
    pictureHeight,
  );
  context.restore();
}

function drawKeys(context: SceneContext, { held, colour }: SceneSide, top: number) {
  const keyWidth = (width - 4 * margin) / whiteKeyCount;
  const left = 2 * margin;
  // Black keys lie on the white ones.
  for (const black of [false, true]) {
    for (const key of pianoKeys) {
      if (key.black !== black) continue;
      const lit = held.has(key.midi);
      context.fillStyle = lit ? colour : black ? "#1c1916" : "#d7d0c2";
      context.beginPath();
      context.roundRect(
        left + key.left * keyWidth + (black ? 0 : 0.75),
        top,
        key.width * keyWidth - (black ? 0 : 1.5),
        keysHeight * (black ? blackKeyHeight : 1) - (black ? 0 : 4),
        [0, 0, 4, 4],
      );
      context.fill();
    }
  }
}
