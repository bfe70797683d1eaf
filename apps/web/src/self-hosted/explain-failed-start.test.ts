import { createTestDatabase } from "@fermata/embedded/testing";
import { pendingMigrations } from "@fermata/migrations";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explainDatabase, StartError } from "./explain-failed-start";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What a start would print whose DATABASE_URL is this. */
async function explained(change: (url: URL) => void): Promise<string> {
  const url = new URL(database.url);
  change(url);
  const error = await pendingMigrations({ url: url.href, migrationsDir: import.meta.dirname }).then(
    () => null,
    (met: unknown) => explainDatabase(met, url.href, "DATABASE_URL"),
  );
  expect(error).toBeInstanceOf(StartError);
  return (error as StartError).message;
}

test.each<[string, (url: URL) => void, string]>([
  ["TLS where there is none", (url) => url.searchParams.set("sslmode", "require"), "no TLS"],
  ["another database", (url) => Object.assign(url, { pathname: "/elsewhere" }), "createdb"],
  ["a port of nobody's", (url) => Object.assign(url, { port: "1" }), "nothing listens there"],
  ["a host that is none", (url) => Object.assign(url, { hostname: "db.invalid" }), "host"],
])("%s is said with what to do, and the variable", async (_, change, words) => {
  const message = await explained(change);
  expect(message).toContain(words);
  expect(message).toContain("DATABASE_URL");
});

test.each([
  ["self-signed certificate in certificate chain", "sslrootcert"],
  ["unable to get local issuer certificate", "sslrootcert"],
  ["certificate has expired", "Renew it"],
  ["Hostname/IP does not match certificate's altnames: Host: a. is not cert's", "another host"],
  ['no pg_hba.conf entry for host "10.0.0.9", user "app", database "app", no encryption', "by TLS"],
])("of a certificate, '%s' is said in words", (said, words) => {
  const error = explainDatabase(new Error(said), database.url, "DATABASE_URL");
  expect((error as StartError).message).toContain(words);
});
