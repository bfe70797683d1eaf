import { StormClient, Unacknowledged } from "./client";
import type { Random } from "./random";

/** What was sent into a room, and what each reader read of it. */
export interface RoomLedger {
  /** By sender: the numbers whose sending was acknowledged, in that order. */
  sent: number[][];
  /** By reader: sender and number, in the order of reading. */
  read: { sender: number; number: number }[][];
}

const senders = 2;
const readers = 2;

interface Seat {
  client: StormClient;
  peerId: string;
  cursor: string;
}

/** People who write and read in one room, over both servers. */
export class StormRoom {
  readonly ledger: RoomLedger = {
    sent: Array.from({ length: senders }, () => []),
    read: Array.from({ length: readers }, () => []),
  };
  readonly #roomId: string;
  readonly #seats: Seat[];

  private constructor(roomId: string, seats: Seat[]) {
    this.#roomId = roomId;
    this.#seats = seats;
  }

  static async open(
    urls: readonly [string, string],
    owner: StormClient,
    turn: number,
  ): Promise<StormRoom> {
    const capacity = senders + readers;
    const { roomId, inviteToken } = await owner.mutate("signaling.createRoom", { capacity });
    const guest = new StormClient(urls, turn);
    const seats: Seat[] = [];
    for (let i = 0; i < capacity; i++) {
      const input = { roomId, inviteToken, displayName: `Peer ${i}` };
      const { roomToken, peerId, cursor } = await guest.mutate("signaling.join", input);
      seats.push({ client: new StormClient(urls, turn + i, roomToken), peerId, cursor });
    }
    return new StormRoom(roomId, seats);
  }

  async act(random: Random, untilMs: number): Promise<void> {
    await Promise.all([
      ...this.ledger.sent.map((_, i) => this.#write(i, random, untilMs)),
      ...this.ledger.read.map(async (_, i) => {
        while (Date.now() < untilMs) await this.#read(i).catch(ignoreUnacknowledged);
      }),
    ]);
  }

  /** Reads what is left, until nothing comes any more. */
  async finish(): Promise<void> {
    for (const reader of this.ledger.read.keys()) {
      const seat = this.#seats[senders + reader] as Seat;
      for (;;) {
        const before = seat.cursor;
        await seat.client.until(() => this.#read(reader), 30_000);
        if (seat.cursor === before) break;
      }
    }
  }

  async #write(sender: number, random: Random, untilMs: number): Promise<void> {
    const { client } = this.#seats[sender] as Seat;
    for (let number = 0; Date.now() < untilMs; number++) {
      const sendKey = `storm-${sender}-${number}-${"x".repeat(16)}`;
      const messages = [{ kind: "storm", payload: { sender, number } }];
      const input = { roomId: this.#roomId, messages, sendKey };
      // The same one again, by its key, until it is acknowledged: never twice.
      await client.until(() => client.mutate("signaling.send", input), 60_000);
      this.ledger.sent[sender]?.push(number);
      await new Promise((resolve) => setTimeout(resolve, random.between(50, 250)));
    }
  }

  async #read(reader: number): Promise<void> {
    const seat = this.#seats[senders + reader] as Seat;
    const input = { roomId: this.#roomId, after: seat.cursor };
    const { messages, cursor } = await seat.client.query("signaling.pull", input);
    for (const { kind, payload } of messages) {
      if (kind === "storm") this.ledger.read[reader]?.push(payload);
    }
    seat.cursor = cursor;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

function ignoreUnacknowledged(error: unknown): void {
  if (!(error instanceof Unacknowledged)) throw error;
}

/** Every message once and in its sender's order for each reader, and in one order for all. */
export function roomViolations({ sent, read }: RoomLedger): string[] {
  const violations: string[] = [];
  const inWords = (list: { sender: number; number: number }[]) =>
    list.map(({ sender, number }) => `${sender}:${number}`).join(" ");
  for (const [reader, list] of read.entries()) {
    for (const [sender, numbers] of sent.entries()) {
      const got = list.filter((message) => message.sender === sender).map(({ number }) => number);
      if (got.join(" ") !== numbers.join(" ")) {
        const lost = numbers.filter((number) => !got.includes(number));
        const twice = got.filter((number, i) => got.indexOf(number) !== i);
        violations.push(
          `reader ${reader} of sender ${sender}: ${numbers.length} sent, ${got.length} read, lost ${lost.join(" ") || "none"}, twice ${twice.join(" ") || "none"}`,
        );
      }
    }
    if (inWords(list) !== inWords(read[0] ?? []))
      violations.push(`reader ${reader} has an order of its own`);
  }
  return violations;
}
