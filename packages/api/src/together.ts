interface Waiting {
  begin(): Promise<void>;
}

/**
 * Lets calls go in groups: one group is under way at a time, and what is asked for meanwhile goes together in the next, in
 * one tick, so that they travel in one request. Nobody waits where nothing is under way.
 */
export class Together {
  #waiting: Waiting[] = [];
  #isCalling = false;

  run<T>(call: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ begin: () => call().then(resolve, reject) });
      void this.#callAll();
    });
  }

  async #callAll(): Promise<void> {
    if (this.#isCalling) return;
    this.#isCalling = true;
    // What is asked for in the same tick goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await Promise.all(group.map(({ begin }) => begin()));
    }
    this.#isCalling = false;
  }
}
