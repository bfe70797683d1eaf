import type { ErrorCode, ErrorDetails } from "@fermata/contract";

/** An expected failure within the workbench: outside, it is an AppError, whose file knows the database and much else. */
export class BenchRefusal extends Error {
  override readonly name = "BenchRefusal";
  constructor(
    readonly code: Extract<ErrorCode, "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE">,
    readonly details?: ErrorDetails,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}
