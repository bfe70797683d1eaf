/** Messages that are hashed at once: a vector of WebAssembly holds a word of each. */
export const laneCount = 4;
/** Room for so much of each message in the module's memory. */
export const laneBytes = 64 * 1024;
/** Where the first lane begins: after the state and the constants of the steps. */
export const lanesOffset = 2048;
const constantsOffset = 1024;
const vectorBytes = 16;
const pageBytes = 64 * 1024;

/** How far each of a round's steps rotates, over and over. */
const rotations = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
/** Which word of the block each of a round's steps takes: `factor * step + first`. */
const orders = [
  { factor: 1, first: 0 },
  { factor: 5, first: 1 },
  { factor: 3, first: 5 },
  { factor: 7, first: 0 },
];

/** What RFC 1321 adds in each step, for every lane. */
export function writeConstants(words: Uint32Array): void {
  for (let step = 0; step < 64; step++) {
    const at = constantsOffset / 4 + step * laneCount;
    words.fill(Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32), at, at + laneCount);
  }
}

/**
 * A WebAssembly module that exports its memory as `memory`, and `hash(blocks)`, which takes so many blocks of 64 bytes of
 * each lane into the state at 0. Written out step by step, since a loop would spend more on looking things up.
 */
export function md5Module(): Uint8Array<ArrayBuffer> {
  const body = hashFunction();
  const pages = Math.ceil((lanesOffset + laneCount * laneBytes) / pageBytes);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, [2, ...named("memory"), 2, 0, ...named("hash"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

const i32 = 0x7f;
const v128 = 0x7b;

/** Locals, by their numbers. The first is the parameter. */
const blocks = 0;
const block = 1;
const state = [2, 3, 4, 5] as const;
const words = 6;
const before = 22;
const scratch = 26;
const vectors = 28;

function hashFunction(): number[] {
  const code: number[] = [];
  const put = (...instructions: number[][]) => {
    for (const instruction of instructions) code.push(...instruction);
  };
  put(constant(lanesOffset), set(block));
  for (const [index, local] of state.entries()) {
    put(constant(0), load(index * vectorBytes), set(local));
  }
  put(beginLoop);
  for (let quarter = 0; quarter < 4; quarter++) put(transposed(quarter));
  for (const [index, local] of state.entries()) put(get(local), set(before + index));
  let [a, b, c, d]: [number, number, number, number] = [...state];
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    const { factor, first } = orders[round] ?? { factor: 0, first: 0 };
    const rotation = rotations[round]?.[step % 4] ?? 0;
    put(get(a), get(words + ((factor * step + first) % 16)), add);
    put(constant(0), load(constantsOffset + step * vectorBytes), add);
    put(mixed(round, b, c, d));
    put(tee(scratch), constant(rotation), shiftLeft);
    put(get(scratch), constant(32 - rotation), shiftRight, or, get(b), add, set(a));
    [a, b, c, d] = [d, a, b, c];
  }
  for (const [index, local] of state.entries()) {
    put(get(local), get(before + index), add, set(local));
  }
  put(get(block), constant(64), addI32, set(block));
  put(get(blocks), constant(-1), addI32, tee(blocks), loopIf, end);
  for (const [index, local] of state.entries()) {
    put(constant(0), get(local), store(index * vectorBytes));
  }
  return [2, 1, i32, vectors, v128, ...code, ...end];
}

/** Four words of each lane's block become four vectors of one word from each lane. */
function transposed(quarter: number): number[] {
  const [w0, w1, w2, w3] = [0, 1, 2, 3].map((index) => words + quarter * 4 + index) as Four;
  const [t0, t1, t2, t3] = [0, 1, 2, 3].map((index) => scratch + index) as Four;
  const loads = [t0, t1, t2, t3].flatMap((local, lane) => [
    ...get(block),
    ...load(lane * laneBytes + quarter * vectorBytes),
    ...set(local),
  ]);
  const joined = (one: number, two: number, order: number[], into: number) => [
    ...get(one),
    ...get(two),
    ...shuffle(order),
    ...set(into),
  ];
  return [
    ...loads,
    ...joined(t0, t1, [0, 4, 1, 5], w0),
    ...joined(t0, t1, [2, 6, 3, 7], w1),
    ...joined(t2, t3, [0, 4, 1, 5], t0),
    ...joined(t2, t3, [2, 6, 3, 7], t1),
    ...joined(w1, t1, [0, 1, 4, 5], w2),
    ...joined(w1, t1, [2, 3, 6, 7], w3),
    ...joined(w0, t0, [2, 3, 6, 7], w1),
    ...joined(w0, t0, [0, 1, 4, 5], w0),
  ];
}

type Four = [number, number, number, number];

/** Adds a round's function of b, c and d. What b, the last to be known, has no part in comes first. */
function mixed(round: number, b: number, c: number, d: number): number[] {
  const [x, y, z] = [get(b), get(c), get(d)];
  if (round === 0) return [...y, ...z, ...xor, ...x, ...and, ...z, ...xor, ...add];
  if (round === 1) return [...y, ...z, ...andNot, ...add, ...x, ...z, ...and, ...add];
  if (round === 2) return [...y, ...z, ...xor, ...x, ...xor, ...add];
  return [...z, ...not, ...x, ...or, ...y, ...xor, ...add];
}

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, ...signed(value)];
const addI32 = [0x6a];
const beginLoop = [0x03, 0x40];
const loopIf = [0x0d, 0];
const end = [0x0b];

const vector = (operation: number) => [0xfd, ...unsigned(operation)];
const load = (offset: number) => [...vector(0), 4, ...unsigned(offset)];
const store = (offset: number) => [...vector(11), 4, ...unsigned(offset)];
const not = vector(77);
const and = vector(78);
const andNot = vector(79);
const or = vector(80);
const xor = vector(81);
const shiftLeft = vector(171);
const shiftRight = vector(173);
const add = vector(174);
/** Picks words out of two vectors: 0 to 3 are the first's, 4 to 7 the second's. */
const shuffle = (order: number[]) => [
  ...vector(13),
  ...order.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte)),
];

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function named(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const fits = value >= -0x40 && value < 0x40;
  return fits ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
