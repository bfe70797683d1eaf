import { createFermata, type Fermata, toFermataError } from "@fermata/api";
import { openStorage, readKept } from "../browser-storage";

/** A signed-in player. Kept for this tab only. */
export interface Account {
  server: string;
  token: string;
  email: string;
  name: string | null;
}

const key = "mirror.account";
const storage = openStorage("sessionStorage");

/** Signs in, and keeps the bearer until the tab is closed. @throws FermataError */
export async function signIn(server: string, email: string, password: string): Promise<Account> {
  const { token } = await createFermata({ url: server }).trpc.auth.createToken.mutate({
    email,
    password,
    name: "Piano Mirror",
  });
  const me = await createFermata({ url: server, token }).trpc.auth.me.query();
  const account: Account = { server, token, email, name: me?.user.name ?? null };
  storage.setItem(key, JSON.stringify(account));
  return account;
}

/** Whoever is signed in on that server; null asks for any. */
export function readAccount(server: string | null): Account | null {
  const account = readKept(storage, key) as Account | null;
  return account && (server === null || account.server === server) ? account : null;
}

/** Forgets the bearer here and ends it on the server. */
export async function signOut(account: Account): Promise<void> {
  forget(account);
  const { auth } = clientOf(account.server, account).trpc;
  // A server that cannot be reached keeps the session until it expires; this tab has forgotten it.
  await auth.sessions
    .query()
    .then(({ items }) => items.find(({ current }) => current))
    .then((session) => session && auth.revokeSession.mutate({ sessionId: session.sessionId }))
    .catch(() => {});
}

/** Whether the server still knows this account; its bearer may have been revoked. */
export async function isStillSignedIn(account: Account): Promise<boolean> {
  try {
    const me = await clientOf(account.server, account).trpc.auth.me.query();
    if (me) return true;
  } catch (error) {
    if (toFermataError(error).code !== "UNAUTHENTICATED") return true;
  }
  forget(account);
  return false;
}

/** Another one may have been signed in meanwhile: that one stays. */
function forget({ token }: Account) {
  if (readAccount(null)?.token === token) storage.removeItem(key);
}

export function clientOf(server: string, account: Account | null): Fermata {
  return createFermata({ url: server, token: account?.token });
}
