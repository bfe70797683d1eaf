import { expect, test } from "vitest";
import { toHours } from "./hours";

const now = new Date(2026, 10, 23, 14, 20);
const at = (hour: number, minute: number, day = 23) =>
  new Date(2026, 10, day, hour, minute).toISOString();
const nothing = { rooms: 0, peers: 0, messages: 0, turnCredentials: 0 };

test("an hour has the most rooms and peers of any one time, and all of its messages", () => {
  const hours = toHours(
    [
      { at: at(13, 5), rooms: 3, peers: 4, messages: 10, turnCredentials: 1 },
      { at: at(13, 10), rooms: 2, peers: 6, messages: 5, turnCredentials: 2 },
    ],
    300,
    now,
  );
  expect(hours).toHaveLength(24);
  expect(hours[22]).toEqual({
    start: new Date(2026, 10, 23, 13),
    rooms: 3,
    peers: 6,
    messages: 15,
    turnCredentials: 3,
  });
});

test("a sample at the turn of the hour tells of the hour before", () => {
  const hours = toHours([{ at: at(14, 0), ...nothing, messages: 7 }], 300, now);
  expect(hours[22]?.messages).toBe(7);
  expect(hours[23]?.messages).toBeNull();
});

test("an hour without samples is not one in which nothing happened", () => {
  const hours = toHours([{ at: at(9, 30), ...nothing }], 300, now);
  expect(hours.filter(({ messages }) => messages === 0)).toHaveLength(1);
  expect(hours.filter(({ messages }) => messages === null)).toHaveLength(23);
});

test("what is older than the hours shown is left out", () => {
  const hours = toHours([{ at: at(14, 25, 22), ...nothing, messages: 7 }], 300, now);
  expect(hours.every(({ messages }) => messages === null)).toBe(true);
});
