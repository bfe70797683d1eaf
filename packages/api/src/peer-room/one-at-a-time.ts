/** What is under way in this page, by name. */
const underWay = new Map<string, Promise<unknown>>();

/**
 * Runs a task after the one of the same name that is under way: a join that was given up holds a seat until its answer
 * came and the seat was given back. One that hangs is not waited for longer than `patienceMs`.
 */
export async function oneAtATime<T>(
  name: string,
  patienceMs: number,
  task: () => Promise<T>,
): Promise<T> {
  const before = underWay.get(name);
  const run = async () => {
    if (before) {
      const patience = new Promise((resolve) => setTimeout(resolve, patienceMs));
      await Promise.race([before.catch(() => {}), patience]);
    }
    return task();
  };
  const running = run();
  underWay.set(name, running);
  try {
    return await running;
  } finally {
    if (underWay.get(name) === running) underWay.delete(name);
  }
}
