import type { DetailedCode, DetailsOf, ErrorCode } from "@fermata/contract";

interface ErrorDataOf<Code extends ErrorCode> {
  /** tRPC's own name for it. */
  code: string;
  httpStatus: number;
  appCode: Code;
  details: Code extends DetailedCode ? DetailsOf<Code> : DetailsOf<Code> | undefined;
  /** Leads to the failure in the server's log. */
  requestId: string;
}

/** What the `error` of a hook, and a `TRPCClientError`, tell in `data`: by its `appCode`. */
export type ErrorData = { [Code in ErrorCode]: ErrorDataOf<Code> }[ErrorCode];

/** `error` in every failed tRPC answer. */
export interface ErrorShape {
  message: string;
  code: number;
  data: ErrorData;
}
