import { useEffect, useRef } from "react";
import { reducedMotionQuery, useMediaQuery } from "../../hooks/use-media-query";
import { keyOf, pianoKeys, whiteKeyCount } from "../../piano/keyboard-layout";
import type { NoteBar, Player } from "../../piano/player";

const pixelsPerSecond = 70;
/** A held key's bar, where nothing may move. */
const stillPixels = 56;

/** What was played of late, rising from its keys: the picture where there is no camera. */
export function NoteRain({ player }: { player: Player }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const still = useMediaQuery(reducedMotionQuery);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let frame = 0;
    const draw = () => {
      const moving = paint(element, player.bars(), still);
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

/** @returns whether anything is still in the picture */
function paint(canvas: HTMLCanvasElement, bars: readonly NoteBar[], still: boolean): boolean {
  const context = canvas.getContext("2d");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0) return false;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
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
    context.beginPath();
    context.roundRect(
      (key.left + key.width * 0.08) * unit,
      height - top,
      key.width * 0.84 * unit,
      Math.max(3, top - bottom),
      3,
    );
    context.fill();
  }
  context.globalAlpha = 1;
  return moving;
}
