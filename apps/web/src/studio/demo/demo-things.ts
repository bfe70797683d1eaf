import { demoSchema } from "@fermata/contract";
import type { z } from "zod";
import type { Services, UserContext } from "../context";

export type DemoThings = z.output<typeof demoSchema>;

const key = "demo";

/** Notes what was put there to be looked at, so that it can be taken away again. */
export async function rememberDemo(
  ctx: Pick<Services, "db" | "clock">,
  things: DemoThings,
): Promise<void> {
  const data = { value: things, updatedAt: ctx.clock.now() };
  await ctx.db.setting.upsert({ where: { key }, create: { key, ...data }, update: data });
}

/** Of what was put there, what is there still and belongs to whoever asks; null where nothing is. */
export async function readDemo(ctx: UserContext): Promise<DemoThings | null> {
  const row = await ctx.db.setting.findUnique({ where: { key }, select: { value: true } });
  const noted = demoSchema.safeParse(row?.value);
  if (!noted.success) return null;
  const { userId } = ctx.identity;
  const { instrumentIds, mediaKeys, storageIds, roomIds } = noted.data;
  const [instruments, media, files, rooms] = await Promise.all([
    ctx.db.instrument.findMany({
      where: { id: { in: instrumentIds }, ownerId: userId },
      select: { id: true },
    }),
    ctx.db.media.findMany({ where: { key: { in: mediaKeys }, userId }, select: { key: true } }),
    ctx.db.file.findMany({
      where: { id: { in: storageIds }, uploaderId: userId, status: "ready" },
      select: { id: true },
    }),
    ctx.db.room.findMany({
      where: { id: { in: roomIds }, ownerId: userId, closedAt: null },
      select: { id: true },
    }),
  ]);
  const left = {
    instrumentIds: instruments.map(({ id }) => id),
    mediaKeys: media.map((item) => item.key),
    storageIds: files.map(({ id }) => id),
    roomIds: rooms.map(({ id }) => id),
  };
  return Object.values(left).some((ids) => ids.length > 0) ? left : null;
}
