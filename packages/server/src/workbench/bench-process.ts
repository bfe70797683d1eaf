import { type ChildProcess, fork } from "node:child_process";
import { AppError } from "../ground/errors";
import { locateEntry } from "./locate-entry";
import type { FromBench, ToBench } from "./messages";
import { ReaderDied } from "./reader-died";
import type { ReadRange, TaskInput, TaskName, TaskOutput } from "./tasks";

export interface BenchTerms {
  /** Where the built entry of the process lies; null: beside this file. */
  entry: string | null;
  /** What one may hold in memory. Its own watchdog ends it above. */
  memoryLimitBytes: number;
  deadlineSeconds: number;
  /** Work that reads in parts is ended, too, when it asked for none for so long. */
  stallSeconds: number;
  /** How much it stands back behind others on this machine: 0 to 19. */
  niceness: number;
}

/** JavaScript's own part of the memory; images are decoded outside it. */
const heapMiB = 256;
/** What a reader needs of this process's environment. Not among it: anything secret. */
const passedOn = [
  ...["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "TZ", "LANG"],
  ...["SystemRoot", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "NODE_PATH", "NODE_ENV"],
];
const startSeconds = 60;
/** Kept of what a process writes to its error output. */
const lastWordsChars = 2000;

/** A process that works on one thing at a time, and can be ended at any moment. */
export class BenchProcess {
  readonly #child: ChildProcess;
  #lastWords = "";
  #endedByUs = false;
  /** Its start is not the content's time: on a busy machine it takes seconds. */
  readonly #started: Promise<void>;
  /** What it held after its last work. */
  rssBytes = 0;

  constructor(readonly terms: BenchTerms) {
    const { path, execArgv, cwd } = locateEntry(terms.entry);
    const args = [terms.memoryLimitBytes, terms.niceness].map(String);
    this.#child = fork(path, args, {
      cwd,
      execArgv: [...execArgv, `--max-old-space-size=${heapMiB}`],
      env: readersEnv(),
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr?.on("data", (chunk) => {
      this.#lastWords = `${this.#lastWords}${chunk}`.slice(-lastWordsChars);
    });
    this.#started = new Promise((resolve) => this.#child.once("message", () => resolve()));
    // It is heard where work is under way; when none is, the next one finds it gone.
    this.#child.on("error", () => {});
    this.#holdsUp(false);
  }

  get isAlive(): boolean {
    return this.#child.connected && this.#child.exitCode === null && !this.#endedByUs;
  }

  /** @throws AppError as the Workbench says; whatever `read` throws */
  async run<Name extends TaskName>(
    name: Name,
    input: TaskInput<Name>,
    read: ReadRange,
  ): Promise<TaskOutput<Name>> {
    const child = this.#child;
    this.#holdsUp(true);
    const { deadlineSeconds, stallSeconds } = this.terms;
    let pendingReads = 0;
    let stopListening: () => unknown = () => {};
    let deadline: NodeJS.Timeout | undefined;
    let stall: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        let readFailure: { error: unknown } | null = null;
        const giveUp = (seconds: number) => {
          this.end();
          // The store that does not answer says nothing of the content.
          if (pendingReads > 0) reject(readFailure?.error ?? new Error("the store did not answer"));
          else reject(tooLong(seconds));
        };
        const answer = async (readId: number, start: number, end: number) => {
          clearTimeout(stall);
          pendingReads++;
          const bytes = await read(start, end).catch((error: unknown) => {
            readFailure ??= { error };
            return null;
          });
          pendingReads--;
          stall = setTimeout(giveUp, stallSeconds * 1000, stallSeconds);
          this.#tell({ kind: "part", readId, bytes });
        };
        const onMessage = (message: FromBench) => {
          if (message.kind === "ready") return;
          if (message.kind === "read") {
            void answer(message.readId, message.start, message.end);
            return;
          }
          this.rssBytes = message.rssBytes;
          if (readFailure) reject(readFailure.error);
          else if (message.kind === "done") resolve(message.value as TaskOutput<Name>);
          else if (message.failure.code === null) reject(new Error(message.failure.text));
          else reject(new AppError(message.failure.code, message.failure.details));
        };
        const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
          reject(this.#deathOf(code, signal));
        const onError = (error: Error) => reject(error);
        child.on("message", onMessage).on("exit", onExit).on("error", onError);
        stopListening = () =>
          child.off("message", onMessage).off("exit", onExit).off("error", onError);
        if (!this.isAlive) return reject(this.#deathOf(child.exitCode, child.signalCode));
        deadline = setTimeout(() => {
          this.end();
          reject(new ReaderDied("a reader did not start"));
        }, startSeconds * 1000);
        void this.#started.then(() => {
          clearTimeout(deadline);
          deadline = setTimeout(giveUp, deadlineSeconds * 1000, deadlineSeconds);
        });
        this.#tell({ kind: "run", name, input });
      });
    } finally {
      clearTimeout(deadline);
      clearTimeout(stall);
      stopListening();
      if (pendingReads > 0) this.end();
      this.#holdsUp(false);
    }
  }

  end(): void {
    this.#endedByUs = true;
    this.#child.kill("SIGKILL");
  }

  #tell(message: ToBench): void {
    // It fails where the process has just ended, which is told by its own event.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** While nothing is under way, it does not keep the server from ending. */
  #holdsUp(isAtWork: boolean): void {
    const handles = [this.#child, this.#child.channel, this.#child.stderr as Unreferenced | null];
    for (const handle of handles) isAtWork ? handle?.ref?.() : handle?.unref?.();
  }

  #deathOf(code: number | null, signal: NodeJS.Signals | null): Error {
    if (this.#endedByUs) return new AppError("UPSTREAM_UNAVAILABLE", { service: "workbench" });
    // Its watchdog's signal, or the system's where memory ran out; or the engine's own words on its heap.
    if (signal === "SIGKILL" || this.#lastWords.includes("heap out of memory"))
      return tooMuchMemory(this.terms.memoryLimitBytes);
    return new ReaderDied(`a reader ended by ${signal ?? `code ${code}`}: ${this.#lastWords}`);
  }
}

interface Unreferenced {
  ref?(): void;
  unref?(): void;
}

function readersEnv(): Record<string, string> {
  const env: Record<string, string> = {
    // One image at a time: more threads and heaps of threads are memory alone.
    UV_THREADPOOL_SIZE: "2",
    MALLOC_ARENA_MAX: "2",
  };
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

function tooLong(deadlineSeconds: number): AppError {
  return new AppError("UNSUPPORTED_MEDIA_TYPE", {
    reason: `It could not be read within ${deadlineSeconds} seconds.`,
  });
}

function tooMuchMemory(limitBytes: number): AppError {
  return new AppError("UNSUPPORTED_MEDIA_TYPE", {
    reason: `Reading it takes more than ${Math.round(limitBytes / 1024 / 1024)} MiB of memory.`,
  });
}
