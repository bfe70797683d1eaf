import type { ErrorShape } from "../ground/error-shape";
import { AppError, errorShapeOf } from "../ground/errors";

/**
 * For a router of the app's own that our procedures are nested in: failures of ours keep their `appCode`, whatever else the
 * app's formatter adds; other failures are left as they are.
 */
export function errorFormatter<Shape extends { data: object }>({
  shape,
  error,
}: {
  shape: Shape;
  error: { cause?: unknown };
}): Shape & { data: Partial<ErrorShape["data"]> } {
  if (!(error.cause instanceof AppError)) return shape;
  const { message, data } = errorShapeOf(error.cause, error.cause.requestId ?? "none");
  return { ...shape, message, data: { ...shape.data, ...data } };
}
