import { Ailment, type Diagnosis, diagnosis } from "fermata/internal";
import { explainStoreFailure } from "./explain-store-failure";
import type { S3Settings } from "./s3-settings";

/** Stores refuse signatures that are 15 minutes off; grants of a minute suffer long before. */
const mostSkewSeconds = 60;

/** Compares this machine's clock with the store's. */
export function checkClock(s3: S3Settings, now: () => Date = () => new Date()): Promise<Diagnosis> {
  const { endpoint } = s3;
  return diagnosis("store, clock", "Check S3_ENDPOINT and the network.", async () => {
    const answer = await fetch(endpoint, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(4_000),
    }).catch((error: unknown) => {
      const explained = explainStoreFailure(error, "files", s3);
      throw explained === error ? new Error(`${endpoint} cannot be reached`) : explained;
    });
    const date = answer.headers.get("date");
    if (!date) return "the store does not tell the time";
    const seconds = Math.round((now().getTime() - Date.parse(date)) / 1000);
    if (Math.abs(seconds) <= mostSkewSeconds) return "agrees with the store's";
    throw new Ailment(
      `this machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? "ahead of" : "behind"} the store's`,
      "Set the clock, by NTP: the store refuses signatures from another time, and signed URLs end too early or too late.",
    );
  });
}
