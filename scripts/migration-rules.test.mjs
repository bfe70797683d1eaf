import { expect, test } from "vitest";
import { problemsOf } from "./migration-rules.mjs";

test.each([
  ['CREATE TABLE "Alert" ("key" text PRIMARY KEY, "at" timestamptz NOT NULL)'],
  ['CREATE TABLE "A" (id int); CREATE INDEX i ON "A" (id); ALTER TABLE "A" ALTER id SET NOT NULL'],
  ['ALTER TABLE "File" ADD COLUMN "grantMaxBytes" integer, ADD COLUMN "b" bigint'],
  ['ALTER TABLE "File" ADD COLUMN "a" boolean NOT NULL DEFAULT false'],
  [`ALTER TABLE "File" ADD COLUMN "a" text NOT NULL DEFAULT 'x'::text`],
  ['ALTER TABLE "File" ADD COLUMN "at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP'],
  ['ALTER TABLE "File" ALTER COLUMN "filename" DROP NOT NULL'],
  ['CREATE INDEX CONCURRENTLY "i" ON "File" ("a")'],
  ['ALTER TABLE "A" ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES "B" (b) NOT VALID'],
  ['ALTER TABLE "A" VALIDATE CONSTRAINT f'],
  [`ALTER TYPE "Status" ADD VALUE 'lost'`],
  [
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
  ],
  ['UPDATE "File" SET "a" = 1 WHERE "status" = \'pending\''],
])("%s may be applied while the release before serves", async (sql) => {
  expect(await problemsOf(sql)).toEqual([]);
});

test.each([
  ['DROP TABLE "File"', "dropped"],
  ['ALTER TABLE "File" DROP COLUMN "a"', "File.a is dropped"],
  ['ALTER TABLE "File" RENAME COLUMN "a" TO "b"', "renamed"],
  ['ALTER TABLE "File" RENAME TO "Files"', "renamed"],
  [`ALTER TYPE "Status" RENAME VALUE 'a' TO 'b'`, "a is renamed"],
  ['ALTER TABLE "File" SET SCHEMA other', "renamed or moved"],
  ['ALTER TABLE "File" ALTER COLUMN "a" TYPE bigint', "rewrites"],
  ['ALTER TABLE "File" ALTER COLUMN "a" SET NOT NULL', "leaves it so"],
  ['ALTER TABLE "File" ADD COLUMN "a" integer NOT NULL', "no default"],
  ['ALTER TABLE "File" ADD COLUMN "a" uuid DEFAULT gen_random_uuid()', "rewrites"],
  ['ALTER TABLE "File" ADD COLUMN "a" timestamptz DEFAULT clock_timestamp()', "rewrites"],
  ['ALTER TABLE "File" ADD COLUMN "a" int GENERATED ALWAYS AS (1) STORED', "rewrites"],
  ['ALTER TABLE "File" ADD COLUMN "a" int UNIQUE', "concurrently"],
  ['CREATE INDEX "i" ON "File" ("a")', "CONCURRENTLY"],
  ['CREATE UNIQUE INDEX "i" ON "File" ("a")', "CONCURRENTLY"],
  ['CREATE INDEX CONCURRENTLY "i" ON "File" ("a"); SELECT 1', "migration of its own"],
  ['ALTER TABLE "A" ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES "B" (b)', "NOT VALID"],
  ['ALTER TABLE "A" ADD CONSTRAINT f CHECK (a > 0)', "NOT VALID"],
  ['ALTER TABLE "A" ADD CONSTRAINT f UNIQUE (a)', "USING INDEX"],
  ['ALTER TABLE "A" DROP CONSTRAINT f', "not known to be harmless"],
  [`DO $$ BEGIN EXECUTE 'DROP TABLE "File"'; END $$`, "not known to be harmless"],
  ['DROP TYPE "Status"', "dropped"],
  ["DROP FUNCTION f()", "dropped"],
  ['TRUNCATE "File"', "not known to be harmless"],
  ['UPDATE "File" SET "a" = 1', "every row"],
  ['DELETE FROM "File"', "every row"],
  ["SET lock_timeout = 0", "lock_timeout"],
  ['LOCK TABLE "File"', "not known to be harmless"],
  ['VACUUM FULL "File"', "not known to be harmless"],
  ['/* DROP */ drop\n table /* x */ "File"', "dropped"],
])("%s may not: %s", async (sql, why) => {
  expect((await problemsOf(sql)).join()).toContain(why);
});

test("what is no SQL is an error, and not nothing to say", async () => {
  await expect(problemsOf("ALTER TABEL x")).rejects.toThrow();
});
