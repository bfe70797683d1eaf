import type { Db } from "@fermata/server/internal";
import type { UserDescription } from "../context";

/** Names and addresses, for who may see whose something is. */
export async function describeUsers(
  db: Pick<Db, "user">,
  userIds: string[],
): Promise<Map<string, UserDescription>> {
  const users = await db.user.findMany({
    where: { id: { in: userIds } },
    select: { id: true, name: true, email: true },
  });
  return new Map(users.map(({ id, ...description }) => [id, description]));
}
