import { randomInt } from "node:crypto";

/** Letters and digits that nobody mistakes for another: a little under five bits each. */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** Groups of characters that are typed without error. */
export function newReadableCode(groups: number, size: number): string {
  const group = () =>
    Array.from({ length: size }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: groups }, group).join("-");
}

/** What was typed, as it was made. */
export function readReadableCode(typed: string): string {
  return typed.toLowerCase().replace(/[^a-z0-9]/g, "");
}
