import { z } from "zod";
import type { ObjectStore } from "../../ports/object-store";

/** What a store says about whose it is. */
const markSchema = z.object({
  installation: z.string(),
  /** The number of the last sweep. */
  turn: z.number().int(),
  at: z.iso.datetime(),
});
export type StoreMark = z.infer<typeof markSchema>;

/** The mark of each place; null where there is none. One that nobody can read is nobody's that we know. */
export async function readMarks(objects: ObjectStore): Promise<(StoreMark | null)[]> {
  const texts = await objects.readMarks();
  return texts.map((text) => (text === null ? null : parse(text)));
}

export async function writeMark(objects: ObjectStore, mark: StoreMark): Promise<void> {
  await objects.writeMarks(`${JSON.stringify(mark)}\n`);
}

function parse(text: string): StoreMark {
  const unreadable = { installation: "unreadable", turn: 0, at: new Date(0).toISOString() };
  try {
    return markSchema.catch(unreadable).parse(JSON.parse(text));
  } catch {
    return unreadable;
  }
}
