import { defineConfig } from "prisma/config";

export default defineConfig({
  experimental: { externalTables: true },
  tables: { external: ["fermata.File", "fermata.Media"] },
  schema: "prisma",
  migrations: {
    initShadowDb: `
      CREATE SCHEMA IF NOT EXISTS fermata;
      CREATE TABLE IF NOT EXISTS fermata."File" (id text PRIMARY KEY);
      CREATE TABLE IF NOT EXISTS fermata."Media" (id text PRIMARY KEY, key text UNIQUE);
    `,
    path: "prisma/migrations",
  },
  ...(process.env.DATABASE_URL && { datasource: { url: process.env.DATABASE_URL } }),
});
