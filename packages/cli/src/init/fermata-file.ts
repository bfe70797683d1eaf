import type { HostApp } from "./look-at-app";

/** `fermata.ts`: the app's own sign-in and database, and one upload as an example. */
export function fermataFile({ signIn, auth, prisma, hasInngest }: HostApp): string {
  const identify = identities[signIn];
  const ofPrisma = prisma?.client ?? null;
  const imports = [
    `import { createFermataServer } from "@fermata/server";`,
    `import { diskStore } from "@fermata/server/stores";`,
    ...identify.imports(auth ?? "./lib/auth"),
    ...(ofPrisma ? [`import { prisma } from "${ofPrisma}";`] : []),
  ];
  const database = ofPrisma ? "{ prisma }" : '{ url: required("DATABASE_URL") }';
  return `${imports.join("\n")}

export const fermata = createFermataServer({
  database: ${database},
  secret: required("FERMATA_SECRET"),
  // For one server. For more, and for heavy media: s3Store({ … }) of the same module.
  store: diskStore({ directory: process.env.FERMATA_FILES ?? "./.fermata" }),
  identify: ${identify.code},
  // Columns of yours that refer to a file keep it:
  // owners: [{ table: "Invoice", column: "pdfId", whenFileDeleted: "clear" }],
${hasInngest ? "  // Its keys come from the environment. To serve its functions beside yours: fermata.inngestFunctions.\n" : ""}  inngest: { id: "fermata" },
});

function required(name: string): string {
  const value = process.env[name];
  if (value) return value;
  throw new Error(\`Set \${name}.\`);
}
`;
}

export function routeFile(importPath: string): string {
  return `import { nextHandlers } from "@fermata/server/next";
import { fermata } from "${importPath}";

export const { GET, HEAD, POST, PUT, DELETE, OPTIONS } = nextHandlers(fermata);
`;
}

interface Identity {
  imports(auth: string): string[];
  code: string;
}

const identities: Record<HostApp["signIn"], Identity> = {
  "better-auth": {
    imports: (auth) => [`import { auth } from "${auth}";`],
    code: `async (request) => {
    const session = await auth.api.getSession({ headers: request.headers });
    return session && { userId: session.user.id, name: session.user.name };
  }`,
  },
  "next-auth": {
    imports: (auth) => [`import { auth } from "${auth}";`],
    code: `async () => {
    const session = await auth();
    return session?.user?.id ? { userId: session.user.id, name: session.user.name ?? null } : null;
  }`,
  },
  "next-auth-4": {
    imports: (auth) => [
      `import { getServerSession } from "next-auth";`,
      `import { authOptions } from "${auth}";`,
    ],
    // Its session names people by their address, unless a callback adds the id.
    code: `async () => {
    const session = await getServerSession(authOptions);
    const userId = (session?.user as { id?: string } | undefined)?.id ?? session?.user?.email;
    return userId ? { userId, name: session?.user?.name ?? null } : null;
  }`,
  },
  clerk: {
    imports: () => [`import { auth } from "@clerk/nextjs/server";`],
    code: `async () => {
    const { userId, orgId } = await auth();
    return userId ? { userId, tenantId: orgId ?? null } : null;
  }`,
  },
  unknown: {
    imports: () => [],
    code: `async (request) => {
    // Who sends this request? Your sign-in says it: { userId, name }, or null for nobody.
    void request;
    return null;
  }`,
  },
};
