import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { type Sender, type StoredMessages, storeMessages } from "./store-messages";

type Input = z.output<typeof signaling.send.input>;

/** How long a send waits for the one that it follows: that one may be on another connection, or at another process. */
const patienceMs = 2_000;
/** How soon the log is looked at for what another process stores, doubled with each look. */
const firstLookMs = 20;

type Stored = StoredMessages | "stored" | null;

/** Sends that this process has under way, by room and key, and who waits for one that has not come yet. */
interface Order {
  underWay: Map<string, Promise<boolean>>;
  awaited: Map<string, Set<() => void>>;
}

const orders = new WeakMap<Services["bus"], Order>();

/**
 * `storeMessages`, after the send whose key is `after`: a client may have several requests under way, on as many
 * connections, and what it says is stored in its order all the same, whichever comes first.
 * @throws AppError CONFLICT when that one is not stored, nor comes in time
 */
export async function storeInOrder(
  ctx: Pick<Services, "pool" | "bus" | "clock" | "log">,
  sender: Sender,
  input: Input,
  encoded: string,
): Promise<Stored> {
  const order = orderOf(ctx.bus);
  const storing = storeAfter(ctx, order, { sender, input, encoded });
  const { roomId, sendKey } = input;
  if (sendKey === undefined) return storing;

  const name = `${roomId} ${sendKey}`;
  const isStored = storing.then(
    (outcome) => outcome !== null,
    () => false,
  );
  order.underWay.set(name, isStored);
  for (const hear of order.awaited.get(name) ?? []) hear();
  try {
    return await storing;
  } finally {
    if (order.underWay.get(name) === isStored) order.underWay.delete(name);
  }
}

async function storeAfter(
  ctx: Pick<Services, "pool" | "bus" | "clock" | "log">,
  order: Order,
  { sender, input, encoded }: { sender: Sender; input: Input; encoded: string },
): Promise<Stored> {
  const name = `${input.roomId} ${input.after}`;
  const deadline = performance.now() + patienceMs;
  for (let lookMs = firstLookMs; ; lookMs *= 2) {
    const before = input.after === undefined ? undefined : order.underWay.get(name);
    // Two that name each other would wait for ever.
    if (before && !(await within(before, deadline))) throw notAfter();
    const stored = await storeMessages(ctx, sender, input, encoded);
    if (stored !== "early") return stored;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) throw notAfter();
    await comes(order, name, Math.min(lookMs, leftMs));
  }
}

/** Resolves when a send of that name comes to this process, or after so long. */
function comes({ underWay, awaited }: Order, name: string, ms: number): Promise<void> {
  if (underWay.has(name)) return Promise.resolve();
  return new Promise((resolve) => {
    const waiting = awaited.get(name) ?? new Set();
    awaited.set(name, waiting);
    const end = () => {
      clearTimeout(timer);
      waiting.delete(end);
      if (waiting.size === 0) awaited.delete(name);
      resolve();
    };
    const timer = setTimeout(end, ms);
    waiting.add(end);
  });
}

/** @returns false once the deadline is over */
async function within(stored: Promise<boolean>, deadline: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, deadline - performance.now(), false);
  });
  return Promise.race([stored, late]).finally(() => clearTimeout(timer));
}

function notAfter(): AppError {
  return new AppError("CONFLICT", { field: "after" });
}

function orderOf(bus: Services["bus"]): Order {
  let order = orders.get(bus);
  if (!order) {
    order = { underWay: new Map(), awaited: new Map() };
    orders.set(bus, order);
  }
  return order;
}
