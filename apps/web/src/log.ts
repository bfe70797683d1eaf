import type { Logger } from "@fermata/server";
import { summingLog } from "@fermata/server/internal";
import pino from "pino";
import type { Env } from "./env";

/** Structured lines on standard error, equal warnings summed up by the minute, so that the start's own words on standard output stay readable. */
export function createLog(env: Pick<Env, "LOG_LEVEL">): Logger {
  const log = pino(
    {
      level: env.LOG_LEVEL,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ["*.password", "*.token", "*.secret", "*.authorization"],
    },
    pino.destination(2),
  );
  return summingLog(log);
}
