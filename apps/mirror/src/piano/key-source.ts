/** Where notes come from beside the drawn keys. */
export type KeySource = { kind: "midi"; id: string } | { kind: "computer" } | { kind: "none" };

/** What somebody chose, or null for whatever is best. */
export type ChosenSource = KeySource | null;

/** A real keyboard when there is one; the computer's as long as there is none, and when the chosen one is unplugged. */
export function resolveSource(chosen: ChosenSource, inputs: readonly { id: string }[]): KeySource {
  if (chosen && chosen.kind !== "midi") return chosen;
  const id = inputs.find((input) => input.id === chosen?.id)?.id ?? inputs[0]?.id;
  return id === undefined ? { kind: "computer" } : { kind: "midi", id };
}

export function sourceToValue(source: KeySource): string {
  return source.kind === "midi" ? `midi:${source.id}` : source.kind;
}

export function sourceOfValue(value: string): KeySource {
  if (value.startsWith("midi:")) return { kind: "midi", id: value.slice("midi:".length) };
  return { kind: value === "computer" ? "computer" : "none" };
}
