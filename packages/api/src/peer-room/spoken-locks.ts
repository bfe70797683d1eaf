import { randomId } from "./random-id";

/** What one tab of a browser has at a time. */
export interface TabLocks {
  /**
   * Runs the task once this tab has the lock, and frees it when the task is over. `steal` takes it from whoever has it,
   * whose request rejects; `isOwn` says that nobody else asks for it first, `isPatient` that it is about a tab's end, and there is time.
   */
  request(
    name: string,
    options: { steal?: boolean; isOwn?: boolean; isPatient?: boolean },
    task: () => Promise<void>,
  ): Promise<void>;
}

type Word =
  | { type: "want"; name: string; id: string }
  | { type: "held"; name: string; id: string }
  /** Of one that asks, to those that ask after it. Pages of an earlier release take it for a lock that is free, and ask again. */
  | { type: "before"; name: string; id: string }
  | { type: "stolen"; name: string }
  | { type: "free"; name: string };

/** What all tabs but the one that speaks hear. */
type TabChannel = Pick<BroadcastChannel, "postMessage" | "onmessage">;

interface Held {
  id: string;
  lose(): void;
}

/** Tabs answer within a few milliseconds. Where one is late, two have it until they hear of each other, and one gives way. */
const answerMs = 40;
/** A tab under load is no tab that is gone. */
const patientMs = 1_500;
/** A tab that crashed frees nothing: it does not answer any more. */
const askAgainMs = 800;

/**
 * Locks that tabs agree upon by asking. For a moment two of them may believe that they have one; the one with the larger
 * id gives it up when it hears of the other. So it is for work that does no harm when done twice.
 */
export class SpokenLocks implements TabLocks {
  readonly #channel: TabChannel;
  readonly #held = new Map<string, Held>();
  /** Of this tab, by name: ends the asking with the answer that it is somebody's. */
  readonly #asking = new Map<string, { id: string; refuse(): void }>();
  /** Who asks again when a lock becomes free. */
  readonly #awaited = new Map<string, () => void>();

  constructor(channel: TabChannel = new BroadcastChannel("fermata.locks")) {
    this.#channel = channel;
    channel.onmessage = ({ data }) => this.#hear(data as Word);
  }

  async request(
    name: string,
    { steal = false, isOwn = false, isPatient = false }: Parameters<TabLocks["request"]>[1],
    task: () => Promise<void>,
  ): Promise<void> {
    const id = randomId();
    if (steal) this.#say({ type: "stolen", name });
    else if (!isOwn)
      while (!(await this.#isFree(name, id, isPatient ? patientMs : answerMs)))
        await this.#untilFree(name);
    this.#held.get(name)?.lose();
    let held: Held | undefined;
    const lost = new Promise<never>((_, reject) => {
      held = {
        id,
        lose: () => reject(new DOMException("The lock is another tab's.", "AbortError")),
      };
      this.#held.set(name, held);
    });
    // A tab that took it at the same time, since a word came late, hears of this one now.
    this.#say({ type: "held", name, id });
    try {
      await Promise.race([task(), lost]);
    } finally {
      if (this.#held.get(name) === held) {
        this.#held.delete(name);
        this.#say({ type: "free", name });
      }
    }
  }

  #isFree(name: string, id: string, withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isFree: boolean) => {
        clearTimeout(timer);
        this.#asking.delete(name);
        resolve(isFree);
      };
      const timer = setTimeout(end, withinMs, true);
      this.#asking.set(name, { id, refuse: () => end(false) });
      this.#say({ type: "want", name, id });
    });
  }

  #untilFree(name: string): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#awaited.delete(name);
        resolve();
      };
      const timer = setTimeout(end, askAgainMs);
      this.#awaited.set(name, end);
    });
  }

  #hear(word: Word): void {
    const { name } = word;
    const held = this.#held.get(name);
    const asking = this.#asking.get(name);
    if (word.type === "want") {
      // Of those that ask at once, one is before all others.
      const isBefore = asking && asking.id < word.id;
      if (held) this.#say({ type: "held", name, id: held.id });
      else if (isBefore) this.#say({ type: "before", name, id: asking.id });
      else asking?.refuse();
    } else if (word.type === "before") {
      if (asking && word.id < asking.id) asking.refuse();
    } else if (word.type === "held") {
      asking?.refuse();
      if (held && word.id < held.id) this.#lose(name, held);
      else if (held && word.id > held.id) this.#say({ type: "held", name, id: held.id });
    } else if (word.type === "stolen") {
      if (held) this.#lose(name, held);
    } else this.#awaited.get(name)?.();
  }

  #lose(name: string, held: Held): void {
    this.#held.delete(name);
    held.lose();
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }
}
