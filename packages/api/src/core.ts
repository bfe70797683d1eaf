/** A server's procedures, typed, and its errors: what everything else of this package stands on. */
export type { ErrorCode, ErrorDetails } from "@fermata/contract";
export {
  type ClientErrorCode,
  FermataError,
  type FermataErrorCode,
  toFermataError,
} from "./api-error";
export { createCore as createFermata, type FermataCore, type FermataOptions } from "./create-core";
export type { TokenSource } from "./links";
export type { AppRouter } from "./procedures";
export type { RetryPolicy } from "./retry";
