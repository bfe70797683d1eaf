import type { instruments } from "@fermata/contract";
import { type InstrumentModel, Prisma } from "@fermata/server/internal";
import { z } from "zod";

type Input = Omit<z.output<typeof instruments.create.input>, "name" | "slug">;

const lines = [
  "description",
  "maker",
  "year",
  "serial",
  "size",
  "case",
  "condition",
  "price",
  "seller",
  "contact",
  "viewingUrl",
  "footnote",
] as const;

/** What is said of an instrument, as columns. What is left out stays as it is; nothing said is null. */
export function toColumns(input: Input) {
  const columns: { [K in (typeof lines)[number]]?: string | null } = {};
  for (const name of lines) {
    const value = input[name];
    if (value !== undefined) columns[name] = value || null;
  }
  const { workshopNotes } = input;
  return { ...columns, ...(workshopNotes && { workshopNotes }) };
}

const notesSchema = z.array(z.object({ when: z.string(), text: z.string() })).catch([]);

/** The same for those who read. */
export function toDetails(row: InstrumentModel) {
  const { description, maker, year, serial, size, condition, price } = row;
  const { seller, contact, viewingUrl, footnote } = row;
  return {
    ...{ description, maker, year, serial, size, case: row.case, condition, price },
    ...{ seller, contact, viewingUrl, footnote },
    workshopNotes: notesSchema.parse(row.workshopNotes),
  };
}

/** Whether a write failed since the slug is somebody's. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
