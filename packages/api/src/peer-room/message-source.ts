import { type FermataError, toFermataError } from "../api-error";
import type { RoomMessage as StoredMessage } from "../procedures";
import { backoffMs } from "./backoff";
import { isAtOrBefore } from "./room-cursor";
import { isPassing } from "./take-seat";
import type { SignalingPath } from "./types";
import { WakeUp } from "./wake-up";

/** As it comes over the wire, where an undefined payload is left out. */
export type RoomMessage = Omit<StoredMessage, "payload"> & { payload?: unknown };
export type RoomEvent = RoomMessage | { kind: "reset"; cursor: string };

export interface StreamHandlers {
  onStarted(): void;
  onEvent(event: RoomEvent): void;
  /** The stream broke, and its own client would open it again. */
  onBroken(): void;
  onRefused(error: unknown): void;
}

export interface SourceHandlers extends StreamHandlers {
  /** There is no stream to be had here. */
  onNone(): void;
}

export interface MessageSourceOptions {
  /** Opens the stream after a cursor. @returns what closes it */
  follow(cursor: string, handlers: SourceHandlers): () => void;
  pull(cursor: string): Promise<{ messages: RoomEvent[]; cursor: string }>;
  onMessage(message: RoomMessage): void;
  /** Messages before this cursor are lost. */
  onReset(): void;
  /** `path` is another than `previous` now. */
  onPath(previous: SignalingPath): void;
  /** The server gives this peer nothing any more. */
  onEnd(error: FermataError): void;
}

/** A stream that lives shorter than this counts as cut. */
const steadyMs = 10_000;
/** After so many cut streams in a row, messages are pulled. */
const mostCuts = 3;
/** A stream that says nothing for so long after its request is held back by something on the way. */
const startMs = 2_500;
/** As long as messages are pulled, a stream may take its time. */
const patientStartMs = 10_000;
const pollEveryMs = 1_000;
/** How soon a stream is tried again beside the pulling, doubled with each that is cut. */
const firstTrialMs = 10_000;
const mostTrialMs = 60_000;
/** Shorter interruptions are nobody's business. */
const offlineAfterMs = 2_000;

type Outcome =
  | { end: "broken" | "stopped"; livedMs: number; isSilent?: boolean }
  | { end: "refused"; error: unknown };

interface Stream {
  isUp: boolean;
  ended: Promise<Outcome>;
}

/** Brings every message of a room, once and in order: by stream, and by pulling where streams are cut. */
export class MessageSource {
  readonly #options: MessageSourceOptions;
  readonly #pause = new WakeUp();
  #cursor = "";
  #run = 0;
  #closeStream: (() => void) | null = null;
  #path: SignalingPath = "stream";
  #offlineTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MessageSourceOptions) {
    this.#options = options;
  }

  /** How far messages were read. */
  get cursor(): string {
    return this.#cursor;
  }

  get path(): SignalingPath {
    return this.#path;
  }

  start(cursor: string): void {
    this.stop();
    this.#cursor = cursor;
    // The room was reached a moment ago.
    this.#path = "stream";
    void this.#keepReading(++this.#run);
  }

  stop(): void {
    this.#run++;
    clearTimeout(this.#offlineTimer);
    this.#offlineTimer = undefined;
    this.#closeStream?.();
    this.#pause.wake();
  }

  /** Reads anew at once: the stream that is open may be a dead one. */
  nudge(): void {
    this.#closeStream?.();
    this.#pause.wake();
  }

  async #keepReading(run: number): Promise<void> {
    let cuts = 0;
    let failures = 0;
    let stream = this.#open(run, startMs);
    while (run === this.#run) {
      const outcome = await stream.ended;
      if (run !== this.#run) return;
      if (outcome.end === "refused") return this.#end(outcome.error);
      if (outcome.end === "broken") {
        this.#lost();
        cuts = outcome.livedMs > steadyMs ? 0 : cuts + 1;
        failures = outcome.livedMs > 0 ? 0 : failures + 1;
        if (outcome.isSilent || cuts >= mostCuts) {
          const next = await this.#poll(run);
          if (run !== this.#run) return;
          if (next && "error" in next) return this.#end(next.error);
          // One more cut stream, and it is back to pulling.
          cuts = mostCuts - 1;
          if (next) {
            stream = next;
            continue;
          }
        }
        await this.#pause.sleep(backoffMs(failures));
        if (run !== this.#run) return;
      }
      stream = this.#open(run, startMs);
    }
  }

  #open(run: number, withinMs: number): Stream {
    const stream: Stream = { isUp: false, ended: Promise.resolve({ end: "stopped", livedMs: 0 }) };
    stream.ended = new Promise((resolve) => {
      let startedAt = 0;
      let isOver = false;
      let close: (() => void) | null = null;
      const end = (outcome: Outcome) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        if (this.#closeStream === stop) this.#closeStream = null;
        close?.();
        resolve(outcome);
      };
      const livedMs = () => (stream.isUp ? Math.max(1, performance.now() - startedAt) : 0);
      const onBroken = () => end({ end: "broken", livedMs: livedMs() });
      const stop = () => end({ end: "stopped", livedMs: livedMs() });
      const onNone = () => end({ end: "broken", livedMs: 0, isSilent: true });
      const timer = setTimeout(onNone, withinMs);
      this.#closeStream = stop;
      close = this.#options.follow(this.#cursor, {
        onStarted: () => {
          if (isOver) return;
          clearTimeout(timer);
          if (!stream.isUp) startedAt = performance.now();
          stream.isUp = true;
          this.#found("stream");
        },
        onEvent: (event) => {
          if (!isOver && run === this.#run) this.#take(event);
        },
        onBroken,
        onNone,
        onRefused: (error) =>
          end(
            isPassing(toFermataError(error))
              ? { end: "broken", livedMs: 0 }
              : { end: "refused", error },
          ),
      });
      if (isOver) close();
    });
    return stream;
  }

  /**
   * Pulls, and tries beside it whether streams get through by now.
   * @returns the stream that does, the refusal that ends it all, or null when pulling does not work either
   */
  async #poll(run: number): Promise<Stream | { error: unknown } | null> {
    let trial: Stream | null = null;
    let trialMs = firstTrialMs;
    let trialAt = performance.now() + trialMs;
    while (run === this.#run) {
      if (trial?.isUp) return trial;
      if (!trial && performance.now() >= trialAt) {
        const begun = this.#open(run, patientStartMs);
        trial = begun;
        begun.ended.then(() => {
          if (trial === begun) trial = null;
          trialMs = Math.min(mostTrialMs, trialMs * 2);
          trialAt = performance.now() + trialMs;
        });
      }
      try {
        const { messages, cursor } = await this.#options.pull(this.#cursor);
        if (run !== this.#run) return null;
        if (!trial?.isUp) this.#found("polling");
        for (const event of messages) if (run === this.#run) this.#take(event);
        if (run !== this.#run) return null;
        // A stream that has come up meanwhile may be further.
        if (!isAtOrBefore(cursor, this.#cursor)) this.#cursor = cursor;
        if (messages.length === 0) await this.#pause.sleep(pollEveryMs);
      } catch (error) {
        if (run !== this.#run) return null;
        if (trial?.isUp) return trial;
        this.#closeStream?.();
        // Neither way works: it is the server or the network, not the streams.
        return isPassing(toFermataError(error)) ? null : { error };
      }
    }
    return null;
  }

  #take(event: RoomEvent): void {
    if (!("from" in event)) {
      this.#cursor = event.cursor;
      this.#options.onReset();
    } else if (!isAtOrBefore(event.cursor, this.#cursor)) {
      this.#cursor = event.cursor;
      this.#options.onMessage(event);
    }
  }

  #end(error: unknown): void {
    this.stop();
    this.#options.onEnd(toFermataError(error));
  }

  #found(path: SignalingPath): void {
    clearTimeout(this.#offlineTimer);
    this.#offlineTimer = undefined;
    this.#set(path);
  }

  #lost(): void {
    this.#offlineTimer ??= setTimeout(() => this.#set("offline"), offlineAfterMs);
  }

  #set(path: SignalingPath): void {
    const previous = this.#path;
    if (previous === path) return;
    this.#path = path;
    this.#options.onPath(previous);
  }
}
