import { encode } from "uqr";
import { cn } from "../../lib/cn";

export interface QrDrawingProps {
  text: string;
  label: string;
  className?: string;
}

/** Dark on light in either theme: not every camera reads the reverse. */
export function QrDrawing({ text, label, className }: QrDrawingProps) {
  const { size, data } = encode(text, { ecc: "L", border: 3 });
  const path = data
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className={cn("rounded-sm bg-white", className)}
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
