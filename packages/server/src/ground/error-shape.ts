import type { ErrorCode, ErrorDetails } from "@fermata/contract";

/** `error` in every failed tRPC answer. */
export interface ErrorShape {
  message: string;
  code: number;
  data: {
    code: string;
    httpStatus: number;
    appCode: ErrorCode;
    details?: ErrorDetails;
    requestId: string;
  };
}
