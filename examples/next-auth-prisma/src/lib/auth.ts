import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { getServerSession, type NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { prisma } from "./prisma";

export const authOptions: NextAuthOptions = {
  secret: process.env.NEXTAUTH_SECRET ?? "only for this example: make one of your own",
  session: { strategy: "jwt" },
  providers: [
    CredentialsProvider({
      credentials: { name: {}, password: { type: "password" } },
      async authorize(given) {
        if (!given) return null;
        const user = await prisma.user.findUnique({ where: { name: given.name } });
        return user && isPassword(given.password, user.passwordHash) ? user : null;
      },
    }),
  ],
};

/** Who is signed in, by next-auth's cookie. Its token has the id in `sub`. */
export async function signedInUser() {
  const session = await getServerSession({
    ...authOptions,
    callbacks: {
      session: ({ session, token }) => ({
        ...session,
        user: { id: token.sub, name: session.user?.name },
      }),
    },
  });
  const user = session?.user as { id?: string; name?: string | null } | undefined;
  return user?.id ? { userId: user.id, name: user.name ?? null } : null;
}

export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${scryptSync(password, salt, 32).toString("hex")}`;
}

function isPassword(password: string, hash: string): boolean {
  const [salt = "", kept = ""] = hash.split(":");
  const derived = scryptSync(password, Buffer.from(salt, "hex"), 32);
  return timingSafeEqual(derived, Buffer.from(kept, "hex"));
}
