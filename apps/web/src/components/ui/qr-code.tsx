import { lazy, type ReactNode, Suspense } from "react";
import { cn } from "../../lib/cn";
import type { QrDrawingProps } from "./qr-drawing";

/** What draws comes when a code is to be seen. Where it cannot be had, what the code says stands beside it. */
const QrDrawing = lazy<(props: QrDrawingProps) => ReactNode>(() =>
  import("./qr-drawing").then(
    (drawing) => ({ default: drawing.QrDrawing }),
    () => ({ default: () => null }),
  ),
);

/** A square of the size that its class gives. The text has to stand beside it as well. */
export function QrCode({ className, ...props }: QrDrawingProps) {
  return (
    <Suspense fallback={<div className={cn("aspect-square rounded-sm bg-white", className)} />}>
      <QrDrawing className={className} {...props} />
    </Suspense>
  );
}
