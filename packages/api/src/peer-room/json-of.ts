import { FermataError } from "../api-error";

/**
 * Undefined for what JSON leaves out: undefined itself, a function, a symbol.
 * @throws FermataError INVALID_INPUT for what it cannot say
 */
export function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    const message = "This cannot be sent as JSON.";
    throw new FermataError("INVALID_INPUT", message, { cause });
  }
}
