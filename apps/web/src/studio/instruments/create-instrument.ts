import type { Instrument, instruments } from "@fermata/contract";
import { AppError, newId } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";
import { isTaken, toColumns } from "./details";
import { readInstrument } from "./read-instrument";
import { freeSlug, slugOf } from "./slugs";

/** Two instruments of one name may be made at the same moment. */
const attempts = 5;

/**
 * Makes an instrument that only its owner sees.
 * @throws AppError CONFLICT when the slug asked for is taken
 */
export async function createInstrument(
  ctx: UserContext,
  { name, slug, ...details }: z.output<typeof instruments.create.input>,
): Promise<Instrument> {
  const now = ctx.clock.now();
  const id = newId();
  for (let attempt = 1; ; attempt++) {
    try {
      await ctx.db.instrument.create({
        data: {
          id,
          ownerId: ctx.identity.userId,
          name,
          slug: slug ?? (await findFreeSlug(ctx, slugOf(name))),
          ...toColumns(details),
          createdAt: now,
          updatedAt: now,
        },
      });
      return readInstrument(ctx, id);
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (slug || attempt >= attempts) throw new AppError("CONFLICT", { slug: slug ?? "taken" });
    }
  }
}

async function findFreeSlug(ctx: UserContext, slug: string): Promise<string> {
  const taken = await ctx.db.instrument.findMany({
    where: { slug: { startsWith: slug } },
    select: { slug: true },
  });
  return freeSlug(slug, new Set(taken.map((row) => row.slug)));
}
