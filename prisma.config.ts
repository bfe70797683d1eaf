import { defineConfig } from "prisma/config";

// The url is read from the environment so that `prisma studio` and `prisma migrate` work on any database.
export default defineConfig({
  schema: "prisma",
  migrations: { path: "prisma/migrations" },
  ...(process.env.DATABASE_URL && { datasource: { url: process.env.DATABASE_URL } }),
});
