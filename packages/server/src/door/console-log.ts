import { format } from "node:util";
import type { Logger } from "../ports/logger";

/** Warnings and errors on the standard error stream, for an app that gives no logger. */
export const consoleLog: Logger = childOf({});

function childOf(common: object): Logger {
  const write = (facts: object, text: string) => {
    process.stderr.write(`${format("fermata: %s", text, { ...common, ...facts })}\n`);
  };
  return {
    debug() {},
    info() {},
    warn: write,
    error: write,
    child: (more) => childOf({ ...common, ...more }),
  };
}
