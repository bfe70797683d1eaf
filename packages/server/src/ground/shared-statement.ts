interface Asked<Question, Answer> {
  question: Question;
  resolve(answer: Answer | null): void;
  reject(error: unknown): void;
}

interface Statement<Question, Answer> {
  /** @returns the answers there are, with the place of their question */
  run(questions: Question[]): Promise<(Answer & { index: number })[]>;
  /** Statements under way. */
  atOnce: number;
  /** Questions in one. */
  most: number;
}

/** One statement for many who ask for the same thing: whatever is asked while as many as may are under way goes into the next. */
export class SharedStatement<Question, Answer> {
  readonly #statement: Statement<Question, Answer>;
  #waiting: Asked<Question, Answer>[] = [];
  #running = 0;

  constructor(statement: Statement<Question, Answer>) {
    this.#statement = statement;
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  /** @returns null where there is no answer */
  ask(question: Question): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (this.#running < this.#statement.atOnce) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running++;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#statement.most);
      try {
        const answers = await this.#statement.run(batch.map(({ question }) => question));
        const byIndex = new Map(answers.map((answer) => [answer.index, answer]));
        for (const [index, { resolve }] of batch.entries()) resolve(byIndex.get(index) ?? null);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running--;
  }
}
