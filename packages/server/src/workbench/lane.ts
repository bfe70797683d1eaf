import { AppError } from "../ground/errors";
import { traced } from "../ground/tracing";
import { BenchProcess, type BenchTerms } from "./bench-process";
import type { ReadRange, TaskInput, TaskName, TaskOutput } from "./tasks";

export interface LaneTerms extends BenchTerms {
  /** Processes at the same time; one owner's content has all but one. */
  processes: number;
  /** Those that wait for one at most, and of one owner half as many; more are refused. */
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

interface Waiting {
  whose: string | null;
  begin(): void;
  refuse(error: Error): void;
}

interface Work<Name extends TaskName> {
  whose: string | null;
  /** Made when it is its turn. */
  input: () => Promise<TaskInput<Name>>;
  read: ReadRange;
}

/** One queue before a few processes, which are started when they are needed and kept warm. */
export class Lane {
  readonly #atRest: Kept[] = [];
  readonly #atWork = new Set<Kept>();
  /** How many of an owner's are at work. */
  readonly #shares = new Map<string | null, number>();
  #waiting: Waiting[] = [];
  #free: number;
  #isClosed = false;

  constructor(readonly terms: LaneTerms) {
    this.#free = terms.processes;
  }

  run<Name extends TaskName>(name: Name, work: Work<Name>): Promise<TaskOutput<Name>> {
    return traced<TaskOutput<Name>>({ name: `workbench ${name}` }, (span) => {
      const turn = async () => {
        await this.#turn(work.whose);
        span?.addEvent("its turn");
      };
      return turn().then(() => this.#work(name, work));
    });
  }

  async #work<Name extends TaskName>(
    name: Name,
    { whose, input: makeInput, read }: Work<Name>,
  ): Promise<TaskOutput<Name>> {
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
      this.#pass(whose);
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

  #turn(whose: string | null): Promise<void> {
    if (this.#isClosed) throw unavailable();
    if (this.#free > 0 && this.#mayBegin(whose)) {
      this.#begin(whose);
      return Promise.resolve();
    }
    const { maxWaiting } = this.terms;
    const ofTheirs = this.#waiting.filter((waiting) => waiting.whose === whose).length;
    if (this.#waiting.length >= maxWaiting || ofTheirs >= Math.ceil(maxWaiting / 2))
      throw unavailable();
    return new Promise((begin, refuse) => this.#waiting.push({ whose, begin, refuse }));
  }

  #begin(whose: string | null): void {
    this.#free--;
    this.#shares.set(whose, this.#shareOf(whose) + 1);
  }

  /** First those of whom the fewest are at work, then those who came first. */
  #pass(whose: string | null): void {
    this.#free++;
    const left = this.#shareOf(whose) - 1;
    if (left > 0) this.#shares.set(whose, left);
    else this.#shares.delete(whose);
    let next: Waiting | null = null;
    for (const one of this.#waiting) {
      if (!this.#mayBegin(one.whose)) continue;
      if (!next || this.#shareOf(one.whose) < this.#shareOf(next.whose)) next = one;
    }
    if (!next) return;
    this.#waiting = this.#waiting.filter((one) => one !== next);
    this.#begin(next.whose);
    next.begin();
  }

  #shareOf(whose: string | null): number {
    return this.#shares.get(whose) ?? 0;
  }

  #mayBegin(whose: string | null): boolean {
    return this.#shareOf(whose) < Math.max(1, this.terms.processes - 1);
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
