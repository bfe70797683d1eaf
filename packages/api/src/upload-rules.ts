/** The rules of a server's uploads, where its type is given: `createFermata<typeof fermata>(…)`. */
type RulesOf<Server> = Server extends { uploads: infer Rules } ? Rules : never;

/** What a rule takes along. */
type InputOf<Rule> = Rule extends { readonly _input?: infer Input } ? NonNullable<Input> : never;

type NamesOf<Rules, Kind> = {
  [Name in keyof Rules]: Rules[Name] extends { kind: infer K }
    ? Kind extends K
      ? Name
      : never
    : never;
}[keyof Rules];

type ByName<Rules, Kind> = {
  [Name in NamesOf<Rules, Kind>]: [InputOf<Rules[Name]>] extends [never]
    ? { as: Name; input?: undefined }
    : { as: Name; input: InputOf<Rules[Name]> };
}[NamesOf<Rules, Kind>];

/** An upload by a rule of the server's own: the rule's name, and what it takes along. */
export type RuleChoice<Server, Kind extends "file" | "media"> = [RulesOf<Server>] extends [never]
  ? { as?: string; input?: unknown }
  : { as?: undefined; input?: undefined } | ByName<RulesOf<Server>, Kind>;

/** How a call of the server's carries it. */
export function ruleOf({ as, input }: { as?: string | undefined; input?: unknown }) {
  return as === undefined ? {} : { as, ...(input !== undefined && { input }) };
}
