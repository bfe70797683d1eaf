import { pendingMigrations } from "@fermata/migrations";
import { type Diagnosis, diagnosis } from "fermata/internal";

export function checkDatabase(url: string, migrationsDir: string): Promise<Diagnosis> {
  return diagnosis(
    "database",
    "Start PostgreSQL or mend DATABASE_URL; pending migrations are applied by `npm start`, or by `npx prisma migrate deploy`.",
    async () => {
      const pending = await pendingMigrations({ url, migrationsDir });
      if (pending.length > 0) throw new Error(`migrations are pending: ${pending.join(", ")}`);
      return "answers; no migration is pending";
    },
  );
}
