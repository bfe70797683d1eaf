/** Fermata's two tables that rows of an app refer to, as Prisma's models of an app see them. */
export const fermataPrisma = `// Fermata's tables, which its own migrations make (\`npx fermata migrate\`). Refer to them from models of yours:
//   pdfId String?
//   pdf   File?   @relation(fields: [pdfId], references: [id])
// and name the other side here, such as \`invoices Invoice[]\` in File.

model File {
  id          String    @id
  uploaderId  String
  filename    String?
  contentType String?
  sizeBytes   Int
  createdAt   DateTime  @db.Timestamptz(3)
  readyAt     DateTime? @db.Timestamptz(3)

  @@schema("fermata")
}

model Media {
  id          String    @id
  key         String    @unique
  userId      String
  filename    String
  contentType String
  createdAt   DateTime  @db.Timestamptz(3)
  readyAt     DateTime? @db.Timestamptz(3)

  @@schema("fermata")
}
`;

/** What tells Prisma that somebody else migrates them. Its shadow database has them as far as foreign keys need. */
const configLines = `  experimental: { externalTables: true },
  tables: { external: ["fermata.File", "fermata.Media"] },
`;
const shadowLines = `    initShadowDb: \`
      CREATE SCHEMA IF NOT EXISTS fermata;
      CREATE TABLE IF NOT EXISTS fermata."File" (id text PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS fermata."Media" (id text PRIMARY KEY, key text UNIQUE);
    \`,
`;

export const newPrismaConfig = `import "dotenv/config";
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma",
${configLines}  migrations: {
    path: "prisma/migrations",
${shadowLines}  },
  datasource: { url: process.env.DATABASE_URL },
});
`;

/** @returns null where the text is not as expected, and has to be changed by hand */
export function extendPrismaConfig(text: string): string | null {
  if (text.includes("fermata.File")) return text;
  if (!/defineConfig\(\{\n/.test(text) || /\b(experimental|tables|initShadowDb)\s*:/.test(text))
    return null;
  let extended = text.replace(/defineConfig\(\{\n/, (found) => found + configLines);
  // The models are in two files from now on.
  extended = extended.replace(
    /(\bschema\s*:\s*)(["'])(\.\/)?prisma\/schema\.prisma\2/,
    "$1$2$3prisma$2",
  );
  const withShadow = extended.replace(/(\bmigrations\s*:\s*\{)\s*/, `$1\n${shadowLines}    `);
  return withShadow === extended
    ? extended.replace(
        configLines,
        `${configLines}  migrations: {\n    path: "prisma/migrations",\n${shadowLines}  },\n`,
      )
    : withShadow;
}

/** What is left to do by hand in a config of another form. */
export const configByHand = `${configLines}  migrations: {\n${shadowLines}  },\n`;

/**
 * Prisma wants a schema named for every model once one names another: the data source lists both, and each model and enum
 * says `@@schema("public")`.
 */
export function nameSchemas(text: string): string {
  let named = text;
  if (!/^\s*schemas\s*=/m.test(named))
    named = named.replace(
      /(datasource\s+\w+\s*\{[^}]*?)\n\}/,
      `$1\n  schemas  = ["public", "fermata"]\n}`,
    );
  else if (!/schemas\s*=.*fermata/.test(named))
    named = named.replace(/(schemas\s*=\s*\[[^\]]*)\]/, `$1, "fermata"]`);
  return named.replace(/^(model|enum|view)\s+\w+\s*\{[\s\S]*?^\}/gm, (block) =>
    block.includes("@@schema(") ? block : block.replace(/\n\}$/, `\n\n  @@schema("public")\n}`),
  );
}
