import { FermataError, toFermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import type { RoomEvent, StreamHandlers } from "./message-source";
import { randomId } from "./random-id";
import type { TabLocks } from "./spoken-locks";
import { streamMany, streamMessages } from "./stream-messages";
import { findTabLocks } from "./tab-locks";

/** A room that a tab follows. */
interface Wanted {
  id: string;
  tab: string;
  roomId: string;
  roomToken: string;
  cursor: string;
}

/** How a follow fares, from the tab that leads to the one that wants it. */
type News =
  | { type: "started"; id: string }
  | { type: "event"; id: string; event: RoomEvent }
  | { type: "broken"; id: string }
  | { type: "refused"; id: string; code: FermataError["code"]; message: string; details?: object };

type Word =
  | News
  | { type: "want"; wanted: Wanted }
  | { type: "drop"; id: string }
  /** Another tab leads from now on: whoever wants something says so again. */
  | { type: "lead" }
  | { type: "ping" }
  | { type: "pong" };

const pingMs = 5_000;
/** After a lead that was lost: what is lost at once must not become a loop in which the page hangs. */
const againMs = 100;

/**
 * One stream for all tabs of an origin, since browsers open six connections to a server over HTTP/1.1, whatever the
 * number of tabs. The tab that holds a lock leads: it follows the rooms of all, and hands on what comes. When it goes, the
 * lock passes on, and with it the streams.
 */
export class SharedStreams {
  readonly #client: FermataCore;
  readonly #tab = randomId();
  readonly #name: string;
  readonly #locks: TabLocks;
  readonly #channel: BroadcastChannel;
  /** What this tab wants. */
  readonly #own = new Map<string, { wanted: Wanted; handlers: StreamHandlers }>();
  /** What this tab follows for all, while it leads. */
  readonly #served = new Map<string, Wanted>();
  /** Who will follow a room in a moment: a lead that is won before costs nobody time. */
  readonly #expected = new Set<object>();
  #leading: { resign(): void } | null = null;
  #isCandidate = false;
  #closeStream: (() => void) | null = null;
  #isReopening = false;
  /** Timers of hidden pages are late by a second; what a page sends itself is not. */
  readonly #self = new MessageChannel();
  /** Tabs whose end is waited for. */
  readonly #watched = new Set<string>();
  readonly #isAlive: Promise<void>;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #isAnswered = true;

  constructor(client: FermataCore, name: string, locks: TabLocks) {
    this.#client = client;
    this.#name = name;
    this.#locks = locks;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data as Word);
    // A page that sleeps or is left cannot lead, and need not be waited for.
    this.#self.port1.onmessage = () => this.#reopen();
    this.#isAlive = new Promise((resolve) => {
      const live = () => {
        resolve();
        // As long as this tab lives.
        return new Promise<void>(() => {});
      };
      // Without it this tab asks nobody for anything: it could not be told from one that is gone.
      locks.request(`${name}.${this.#tab}`, { isOwn: true }, live).catch(() => {});
    });
    document.addEventListener("freeze", () => this.#leave());
    window.addEventListener("pagehide", () => this.#leave());
  }

  /**
   * Stands for the lead before anything is followed: which tab has it takes a while to find out.
   * @returns what ends that; what is followed by then is not touched
   */
  expect(): () => void {
    const one = {};
    this.#expected.add(one);
    this.#stand();
    return () => {
      if (this.#expected.delete(one)) this.#resignIfIdle();
    };
  }

  /** @returns what closes it */
  follow(
    seat: { roomId: string; roomToken: string; cursor: string },
    handlers: StreamHandlers,
  ): () => void {
    const wanted = { ...seat, id: randomId(), tab: this.#tab };
    this.#own.set(wanted.id, { wanted, handlers });
    this.#stand();
    if (this.#leading) this.#serve(wanted);
    else {
      void this.#isAlive.then(() => {
        const isWanted = !this.#leading && this.#own.has(wanted.id);
        if (isWanted) this.#say({ type: "want", wanted });
      });
    }
    return () => {
      if (!this.#own.delete(wanted.id)) return;
      if (this.#leading) this.#stopServing(wanted.id);
      else this.#say({ type: "drop", id: wanted.id });
      this.#resignIfIdle();
    };
  }

  /** A lead that nobody needs goes to who does. */
  #resignIfIdle(): void {
    if (!this.#isNeeded && this.#served.size === 0) this.#leading?.resign();
  }

  get #isNeeded(): boolean {
    return this.#own.size > 0 || this.#expected.size > 0;
  }

  /** Stands for the lead: at once where nobody has it, else when whoever has it goes. */
  #stand(force = false): void {
    if (this.#isCandidate && !force) return;
    this.#isCandidate = true;
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#askLeader(), pingMs);
    const lead = () =>
      new Promise<void>((resolve) => {
        if (!this.#isNeeded) return resolve();
        this.#lead(resolve);
      });
    const over = (pauseMs: number) => {
      this.#isCandidate = false;
      if (this.#leading) this.#depose();
      if (!this.#isNeeded) clearInterval(this.#pingTimer);
      else if (pauseMs === 0) this.#stand();
      else setTimeout(() => this.#isNeeded && this.#stand(), pauseMs);
    };
    this.#locks.request(this.#name, { steal: force }, lead).then(
      () => over(0),
      (error: DOMException) => {
        // Stolen by a tab that found this one silent, or that has a better right to it.
        if (error.name === "AbortError") return over(againMs);
        // This may go wrong for ever: whoever reads here asks again in its own time, or in another way.
        this.#expected.clear();
        this.#breakOwn();
        over(againMs);
      },
    );
  }

  #lead(resign: () => void): void {
    this.#leading = {
      resign: () => {
        this.#depose();
        resign();
      },
    };
    this.#say({ type: "lead" });
    for (const { wanted } of this.#own.values()) this.#serve(wanted);
  }

  #depose(): void {
    this.#leading = null;
    this.#served.clear();
    this.#closeStream?.();
    this.#closeStream = null;
  }

  #leave(): void {
    for (const id of this.#own.keys()) this.#say({ type: "drop", id });
    this.#expected.clear();
    this.#breakOwn();
    this.#leading?.resign();
  }

  /** Whoever reads here asks again, after a pause or when the page is back. */
  #breakOwn(): void {
    const own = [...this.#own.values()];
    this.#own.clear();
    for (const { handlers } of own) handlers.onBroken();
  }

  /** A leader that hangs holds the lock and serves nobody. */
  #askLeader(): void {
    if (this.#leading || this.#own.size === 0) return;
    if (!this.#isAnswered) this.#stand(true);
    this.#isAnswered = false;
    this.#say({ type: "ping" });
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }

  #hear(word: Word): void {
    if (word.type === "want") {
      if (this.#leading) this.#serve(word.wanted);
    } else if (word.type === "drop") {
      if (this.#leading) this.#stopServing(word.id);
    } else if (word.type === "ping") {
      if (this.#leading) this.#say({ type: "pong" });
    } else if (word.type === "pong") {
      this.#isAnswered = true;
    } else if (word.type === "lead") {
      this.#isAnswered = true;
      for (const { wanted } of this.#own.values()) this.#say({ type: "want", wanted });
    } else this.#take(word);
  }

  /** @returns whether it was for this tab */
  #take(news: News): boolean {
    const own = this.#own.get(news.id);
    if (!own) return false;
    const { handlers, wanted } = own;
    if (news.type === "started") handlers.onStarted();
    else if (news.type === "event") {
      // Where the next leader goes on.
      wanted.cursor = news.event.cursor;
      handlers.onEvent(news.event);
    } else if (news.type === "broken") {
      this.#own.delete(news.id);
      handlers.onBroken();
    } else {
      this.#own.delete(news.id);
      const { code, message, details } = news;
      handlers.onRefused(new FermataError(code, message, { details: details as never }));
    }
    return true;
  }

  #serve(wanted: Wanted): void {
    if (this.#served.has(wanted.id)) return;
    this.#served.set(wanted.id, { ...wanted });
    this.#watch(wanted.tab);
    // The first one waits for nobody.
    if (this.#closeStream) this.#reopenSoon();
    else this.#reopen();
  }

  #stopServing(id: string): void {
    if (this.#served.delete(id)) this.#reopenSoon();
  }

  /** A tab that crashed takes nothing back: its lock tells. */
  #watch(tab: string): void {
    if (tab === this.#tab || this.#watched.has(tab)) return;
    this.#watched.add(tab);
    const isOver = async () => {
      this.#watched.delete(tab);
      for (const wanted of this.#served.values()) {
        if (wanted.tab !== tab) continue;
        this.#stopServing(wanted.id);
        // A tab that was only slow asks again.
        this.#say({ type: "broken", id: wanted.id });
      }
    };
    this.#locks.request(`${this.#name}.${tab}`, { isPatient: true }, isOver).catch(() => {});
  }

  /** What is asked for in one go comes in one stream. */
  #reopenSoon(): void {
    if (this.#isReopening) return;
    this.#isReopening = true;
    this.#self.port2.postMessage(null);
  }

  #reopen(): void {
    this.#isReopening = false;
    this.#closeStream?.();
    this.#closeStream = null;
    const all = [...this.#served.values()];
    const [first] = all;
    if (!first) return;
    // One that is closed says so once more.
    let isOpen = true;
    const tell = (wanted: Wanted, news: News) => {
      if (!isOpen || !this.#served.has(wanted.id)) return;
      if (news.type === "event") wanted.cursor = news.event.cursor;
      else if (news.type !== "started") this.#served.delete(wanted.id);
      if (!this.#take(news)) this.#say(news);
    };
    const handlersOf = (wanted: Wanted): StreamHandlers => {
      const { id } = wanted;
      return {
        onStarted: () => tell(wanted, { type: "started", id }),
        onEvent: (event) => tell(wanted, { type: "event", id, event }),
        onBroken: () => tell(wanted, { type: "broken", id }),
        onRefused: (error) => {
          const { code, message, details } = toFermataError(error);
          tell(wanted, { type: "refused", id, code, message, details });
        },
      };
    };
    let close: () => void;
    if (all.length === 1) {
      const { signaling } = this.#client.as(first.roomToken).trpc;
      close = streamMessages(signaling, first, handlersOf(first));
    } else {
      const rooms = all.map((wanted) => ({ ...wanted, handlers: handlersOf(wanted) }));
      close = streamMany(this.#client.as(() => null).trpc.signaling, rooms);
    }
    this.#closeStream = () => {
      isOpen = false;
      close();
    };
  }
}

let locks: TabLocks | null = null;
/** Of this page, by server. */
const shared = new Map<string, SharedStreams>();

/** The streams that this page shares with others of the browser. */
export function sharedStreams(client: FermataCore): SharedStreams {
  const name = `fermata.streams.${new URL(client.baseUrl, location.href)}`;
  const known = shared.get(name);
  if (known) return known;
  locks ??= findTabLocks();
  const made = new SharedStreams(client, name, locks);
  shared.set(name, made);
  return made;
}
