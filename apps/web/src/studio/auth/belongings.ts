import type { auth } from "@fermata/contract";
import { AppError } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";

/**
 * What somebody has, before it is decided what becomes of it. Ready files and media; instruments; rooms that are open.
 * @throws AppError NOT_FOUND
 */
export async function getBelongings(
  ctx: UserContext,
  { userId }: { userId: string },
): Promise<z.input<typeof auth.belongings.output>> {
  const { db, clock } = ctx;
  if ((await db.user.count({ where: { id: userId } })) === 0) throw new AppError("NOT_FOUND");
  const now = clock.now();
  const [files, media, instruments, published, openRooms, sessions] = await Promise.all([
    db.file.aggregate({
      where: { uploaderId: userId, status: "ready" },
      _count: true,
      _sum: { sizeBytes: true },
    }),
    db.media.aggregate({
      where: { userId, status: "ready", posterOfId: null },
      _count: true,
      _sum: { sizeBytes: true },
    }),
    db.instrument.count({ where: { ownerId: userId } }),
    db.instrument.count({ where: { ownerId: userId, publishedAt: { not: null } } }),
    db.room.count({ where: { ownerId: userId, closedAt: null, expiresAt: { gt: now } } }),
    db.session.count({ where: { userId, expiresAt: { gt: now } } }),
  ]);
  return {
    files: { count: files._count, bytes: files._sum.sizeBytes ?? 0 },
    media: { count: media._count, bytes: Number(media._sum.sizeBytes ?? 0) },
    instruments: { count: instruments, published },
    openRooms,
    sessions,
  };
}
