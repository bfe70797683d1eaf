export const stepNames = ["picture", "instrument", "room", "job"] as const;
export type StepName = (typeof stepNames)[number];

/** What somebody did with the first steps that are over. */
export type Ends = Partial<Record<StepName, "done" | "skipped">>;

/** Kept in a cookie, so that a page comes without steps that are over. */
export const endsCookie = (userId: string) => `fermata.first-steps.${userId}`;

/** Whatever else stands there is nobody's step. */
export function readEnds(text: string | undefined): Ends {
  try {
    const kept = JSON.parse(text ?? "{}") as Record<string, unknown> | null;
    const ends: Ends = {};
    for (const name of stepNames) {
      const how = kept?.[name];
      if (how === "done" || how === "skipped") ends[name] = how;
    }
    return ends;
  } catch {
    return {};
  }
}
