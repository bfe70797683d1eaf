import { type CronLogLine, limits } from "@fermata/contract";
import type { Prisma } from "../../generated/prisma/client";
import type { Clock } from "../../ports/clock";
import type { Logger } from "../../ports/logger";
import { withoutRefused } from "./ledger-values";

const { logLines: MAX_LINES, logBytes: MAX_BYTES, logLineChars: MAX_LINE_CHARS } = limits.crons;

/** Keeps the newest lines that a job logs, so that they stand with its run, and passes all of them on. */
export class RunLog {
  #lines: CronLogLine[] = [];
  #bytes = 0;
  #dropped = 0;
  #isSaved = true;

  constructor(private readonly clock: Clock) {}

  /** @param log where the lines go as well */
  logger(log: Logger, bound: object = {}): Logger {
    const write = (level: CronLogLine["level"]) => (facts: object, message: string) => {
      log[level](facts, message);
      this.#keep(level, { ...bound, ...facts }, message);
    };
    return {
      debug: write("debug"),
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      child: (facts) => this.logger(log.child(facts), { ...bound, ...facts }),
    };
  }

  /** What the ledger keeps, or undefined when nothing was logged since the last time. */
  takeChanges(): Prisma.InputJsonObject | undefined {
    if (this.#isSaved) return undefined;
    this.#isSaved = true;
    return { lines: this.#lines.map((line) => ({ ...line })), dropped: this.#dropped };
  }

  #keep(level: CronLogLine["level"], facts: object, text: string): void {
    const message = withoutRefused(String(text).slice(0, MAX_LINE_CHARS));
    const details = writeFacts(facts, MAX_LINE_CHARS - message.length);
    this.#lines.push({ at: this.clock.now().toISOString(), level, message, details });
    this.#bytes += sizeOf(message, details);
    this.#isSaved = false;
    while (this.#lines.length > MAX_LINES || this.#bytes > MAX_BYTES) {
      const oldest = this.#lines.shift();
      if (!oldest) return;
      this.#bytes -= sizeOf(oldest.message, oldest.details);
      this.#dropped++;
    }
  }
}

function sizeOf(message: string, details: string | null): number {
  return Buffer.byteLength(message) + Buffer.byteLength(details ?? "");
}

function writeFacts(facts: object, chars: number): string | null {
  if (Object.keys(facts).length === 0) return null;
  let text: string;
  try {
    text = JSON.stringify(facts, (_key, value) => {
      if (value instanceof Error) return `${value.name}: ${value.message}`;
      return typeof value === "bigint" ? value.toString() : value;
    });
  } catch {
    text = '"these facts cannot be written as JSON"';
  }
  return withoutRefused(text.slice(0, Math.max(chars, 0)));
}
