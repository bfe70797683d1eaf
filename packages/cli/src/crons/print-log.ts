interface Log {
  log: { at: string; level: string; message: string; details: string | null }[];
  droppedLogLines: number;
}

/** A run's log, one line each. */
export function printLog({ log, droppedLogLines }: Log, print: (line: string) => void): void {
  if (droppedLogLines > 0) print(`  (${droppedLogLines} older lines were not kept)`);
  for (const { at, level, message, details } of log)
    print(`  ${at} ${level.padEnd(5)} ${message}${details === null ? "" : ` ${details}`}`);
}
