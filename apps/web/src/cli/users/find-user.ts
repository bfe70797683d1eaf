import type { Fermata } from "@fermata/api";
import { UsageError } from "fermata/internal";

type User = Awaited<ReturnType<Fermata["trpc"]["auth"]["users"]["query"]>>["items"][number];

/** Every user, page after page. */
export async function* allUsers({ trpc }: Fermata): AsyncGenerator<User> {
  let cursor: string | null = null;
  do {
    const page: { items: User[]; nextCursor: string | null } = await trpc.auth.users.query({
      limit: 100,
      ...(cursor && { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

/** @throws UsageError where the address has no account */
export async function findUser(fermata: Fermata, email: string | undefined): Promise<User> {
  if (!email) throw new UsageError("Name the account by its address.");
  for await (const user of allUsers(fermata)) {
    if (user.email === email.trim().toLowerCase()) return user;
  }
  throw new UsageError(`No account has the address ${email}.`);
}
