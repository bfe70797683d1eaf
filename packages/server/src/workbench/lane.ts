import { AppError } from "../ground/errors";
import { BenchProcess, type BenchTerms } from "./bench-process";
import type { ReadRange, TaskInput, TaskName, TaskOutput } from "./tasks";

export interface LaneTerms extends BenchTerms {
  /** Processes at the same time. */
  processes: number;
  /** Those that wait for one at most; more are refused. */
  maxWaiting: number;
  /** A process that has nothing to do for this long is ended. */
  idleSeconds: number;
}

/** A process is replaced after so many pieces of work: what leaks in a reader, leaks no further. */
const worksPerProcess = 500;

interface Kept {
  process: BenchProcess;
  works: number;
  idle: NodeJS.Timeout | null;
}

/** One queue before a few processes, which are started when they are needed and kept warm. */
export class Lane {
  readonly #atRest: Kept[] = [];
  readonly #atWork = new Set<Kept>();
  readonly #waiting: { begin: () => void; refuse: (error: Error) => void }[] = [];
  #free: number;
  #isClosed = false;

  constructor(readonly terms: LaneTerms) {
    this.#free = terms.processes;
  }

  async run<Name extends TaskName>(
    name: Name,
    makeInput: () => Promise<TaskInput<Name>>,
    read: ReadRange,
  ): Promise<TaskOutput<Name>> {
    await this.#turn();
    try {
      const input = await makeInput();
      if (this.#isClosed) throw unavailable();
      const kept = this.#take();
      try {
        return await kept.process.run(name, input, read);
      } finally {
        this.#putBack(kept);
      }
    } finally {
      this.#pass();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(unavailable());
    for (const { process, idle } of [...this.#atRest.splice(0), ...this.#atWork]) {
      if (idle) clearTimeout(idle);
      process.end();
    }
  }

  #turn(): Promise<void> {
    if (this.#isClosed) throw unavailable();
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.terms.maxWaiting) throw unavailable();
    return new Promise((resolve, reject) => this.#waiting.push({ begin: resolve, refuse: reject }));
  }

  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next.begin();
    else this.#free++;
  }

  #take(): Kept {
    let kept = this.#atRest.pop();
    while (kept && !kept.process.isAlive) kept = this.#atRest.pop();
    kept ??= { process: new BenchProcess(this.terms), works: 0, idle: null };
    if (kept.idle) clearTimeout(kept.idle);
    kept.works++;
    this.#atWork.add(kept);
    return kept;
  }

  #putBack(kept: Kept): void {
    this.#atWork.delete(kept);
    const { process, works } = kept;
    const isWorn = works >= worksPerProcess || process.rssBytes > this.terms.memoryLimitBytes / 2;
    if (!process.isAlive) return;
    if (isWorn || this.#isClosed) {
      process.end();
      return;
    }
    kept.idle = setTimeout(() => {
      this.#atRest.splice(this.#atRest.indexOf(kept), 1);
      process.end();
    }, this.terms.idleSeconds * 1000);
    kept.idle.unref();
    this.#atRest.push(kept);
  }
}

function unavailable(): AppError {
  return new AppError("UPSTREAM_UNAVAILABLE", { service: "workbench" });
}
