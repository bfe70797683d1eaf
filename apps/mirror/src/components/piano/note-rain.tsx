import { useEffect, useRef } from "react";
import { reducedMotionQuery, useMediaQuery } from "../../hooks/use-media-query";
import { keyOf, pianoKeys, whiteKeyCount } from "../../piano/keyboard-layout";
import type { NoteBar, Player } from "../../piano/player";

const pixelsPerSecond = 70;
/** A held key's bar, where nothing may move. */
const stillPixels = 56;
/** Where there are more, nobody sees their corners, and round ones take several times as long. */
const roundBars = 160;

/** What was played of late, rising from its keys: the picture where there is no camera. */
export function NoteRain({ player }: { player: Player }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const still = useMediaQuery(reducedMotionQuery);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let frame = 0;
    let isSkipped = false;
    const draw = () => {
      // So many are drawn in every second frame: where there is no graphics card they take most of one.
      isSkipped = player.bars().length > roundBars && !isSkipped;
      const moving = (isSkipped && !still) || paint(element, player.bars(), still);
      // Nothing left to move: the next stroke starts it again.
      frame = moving && !still ? requestAnimationFrame(draw) : 0;
    };
    const start = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const resized = new ResizeObserver(start);
    resized.observe(element);
    const stop = player.held.subscribe(start);
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      stop();
    };
  }, [player, still]);

  return (
    <div className="rain" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

/** Empty, and as large as it is shown: a canvas that is given a size, also its own, gets a new memory. */
function clear(context: CanvasRenderingContext2D, width: number, height: number) {
  const { canvas } = context;
  const scale = devicePixelRatio;
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
}

/** @returns whether anything is still in the picture */
function paint(canvas: HTMLCanvasElement, bars: readonly NoteBar[], still: boolean): boolean {
  const context = canvas.getContext("2d");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0) return false;
  clear(context, width, height);
  const style = getComputedStyle(canvas);
  const unit = width / whiteKeyCount;

  context.fillStyle = style.getPropertyValue("--rain-line");
  for (const key of pianoKeys) {
    if (key.name.startsWith("C") && !key.black) {
      context.fillRect(Math.round(key.left * unit), height * 0.12, 1, height);
    }
  }
  context.fillStyle = style.color;
  const now = performance.now();
  let moving = false;
  for (const { midi, fromMs, toMs } of bars) {
    const key = keyOf(midi);
    if (!key || (still && toMs !== null)) continue;
    const bottom = toMs === null ? 0 : ((now - toMs) / 1000) * pixelsPerSecond;
    const top = still ? stillPixels : ((now - fromMs) / 1000) * pixelsPerSecond;
    if (bottom > height) continue;
    moving = true;
    context.globalAlpha = toMs === null ? 1 : Math.max(0.08, 0.5 * (1 - bottom / height));
    const left = (key.left + key.width * 0.08) * unit;
    const across = key.width * 0.84 * unit;
    const down = Math.max(3, top - bottom);
    if (bars.length > roundBars) context.fillRect(left, height - top, across, down);
    else {
      context.beginPath();
      context.roundRect(left, height - top, across, down, 3);
      context.fill();
    }
  }
  context.globalAlpha = 1;
  return moving;
}
