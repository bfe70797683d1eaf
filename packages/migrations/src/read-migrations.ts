import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MigrationError } from "./migration-error";

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file's bytes, in hex. */
  checksum: string;
  /** Also those of the same text with the other line endings, which git on Windows may produce. */
  acceptedChecksums: string[];
}

/** The folder's migrations in the order of application, which is that of their names. */
export function readMigrations(migrationsDir: string): Migration[] {
  if (!existsSync(migrationsDir)) {
    throw new MigrationError("MIGRATIONS_DIR_MISSING", `${migrationsDir} does not exist.`);
  }
  return readdirSync(migrationsDir)
    .filter((name) => existsSync(join(migrationsDir, name, "migration.sql")))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(migrationsDir, name, "migration.sql"));
      const sql = bytes.toString("utf8");
      const unixText = sql.replaceAll("\r\n", "\n");
      const checksum = sha256Hex(bytes);
      return {
        name,
        sql,
        checksum,
        acceptedChecksums: [
          checksum,
          sha256Hex(unixText),
          sha256Hex(unixText.replaceAll("\n", "\r\n")),
        ],
      };
    });
}

function sha256Hex(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
