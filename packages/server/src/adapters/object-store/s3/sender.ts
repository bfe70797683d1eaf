import {
  type $Command,
  type S3Client,
  type S3ClientResolvedConfig,
  S3ServiceException,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import { AppError } from "../../../ground/errors";
import { traced } from "../../../ground/tracing";

const defaultSeconds = 20;

/**
 * Sends commands, retried as the SDK does, and gives up after a bounded time.
 * A store that is away, overloaded or refuses our credentials throws UPSTREAM_UNAVAILABLE; so does one that lacks what it
 * was asked for, and says that it will never do it. Other refusals pass as they are.
 */
export function createSender(client: S3Client) {
  type Command<In extends ServiceInputTypes, Out extends ServiceOutputTypes> = $Command<
    In,
    Out,
    S3ClientResolvedConfig,
    ServiceInputTypes,
    ServiceOutputTypes
  >;

  return function send<In extends ServiceInputTypes, Out extends ServiceOutputTypes>(
    command: Command<In, Out>,
    seconds = defaultSeconds,
    signal?: AbortSignal,
  ): Promise<Out> {
    const name = `store ${command.constructor.name.replace(/Command$/, "")}`;
    return traced({ name, kind: "CLIENT" }, () => sendOnce(command, seconds, signal));
  };

  async function sendOnce<In extends ServiceInputTypes, Out extends ServiceOutputTypes>(
    command: Command<In, Out>,
    seconds: number,
    signal: AbortSignal | undefined,
  ): Promise<Out> {
    const timeout = new AbortController();
    signal?.addEventListener("abort", () => timeout.abort());
    // Not AbortSignal.timeout: it would also cut a body that is still being read.
    const timer = setTimeout(() => timeout.abort(), seconds * 1000);
    try {
      return await client.send(command, { abortSignal: timeout.signal });
    } catch (error) {
      if (error instanceof S3ServiceException && !isAway(error)) throw error;
      const details = {
        service: "object store",
        ...(isNeverDone(error) && { storeCode: error.name, retry: false }),
      };
      throw new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** 401 and 403 mean that our own credentials fail: nothing that a caller did. */
function isAway({ $metadata, name }: S3ServiceException): boolean {
  const status = $metadata.httpStatusCode ?? 500;
  return status >= 500 || status === 429 || status === 401 || status === 403 || name === "SlowDown";
}

/** 501 and its like: the same request will be answered in the same way tomorrow. */
function isNeverDone(error: unknown): error is S3ServiceException {
  return isRefusal(error, 501) || isRefusal(error, 505);
}

export function isRefusal(error: unknown, status: number): error is S3ServiceException {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}
