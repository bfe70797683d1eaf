import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@fermata/embedded/testing";
import openapiTypes, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appRouter } from "../app-router";
import { createFermataServer } from "../door";
import { diskStore } from "../stores";
import { type FetchServer, serveFetch } from "../testing/serve-fetch";
import { describeApi } from "./describe-api";

let dir: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let fermata: ReturnType<typeof createFermataServer>;
let server: FetchServer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-openapi-"));
  database = await createTestDatabase();
  fermata = createFermataServer({
    database: { url: database.url },
    secret: "a secret that only this test knows, long enough",
    store: diskStore({ directory: dir }),
    identify: (request) =>
      request.headers.get("authorization") === "Bearer maja" ? { userId: "maja" } : null,
  });
  await fermata.migrate();
  server = await serveFetch(fermata.handler);
});
afterAll(async () => {
  await server.close();
  await fermata.close();
  await database.drop();
  await rm(dir, { recursive: true, force: true });
});

test("names every procedure once, with its method", () => {
  const { paths } = describeApi(appRouter, "/api");
  for (const [path, procedure] of Object.entries(appRouter._def.procedures)) {
    const { type } = (procedure as unknown as { _def: { type: string } })._def;
    const method = type === "mutation" ? "post" : "get";
    expect(Object.keys(paths[`/trpc/${path}` as keyof typeof paths] ?? {})).toEqual([method]);
  }
});

test("openapi-typescript makes types of it", async () => {
  // biome-ignore lint/suspicious/noExplicitAny: the whole document, as a file would hold it
  const document = JSON.parse(JSON.stringify(describeApi(appRouter, "/api"))) as any;
  const types = astToString(await openapiTypes(document));
  expect(types).toContain("files_getUrl");
  expect(types).toContain("RoomMessage");
  expect(types).not.toMatch(/: (unknown|never);\s*\/\/ missing/);
});

test("a program that knows the document alone stores a file and reads it, below an app's own path", async () => {
  const client = fileURLToPath(new URL("client.py", import.meta.url));
  const url = `${server.origin}/api/fermata/openapi.json`;
  const { stdout } = await promisify(execFile)("python3", [client, url, "maja"]);
  expect(stdout).toContain("stored and read");
});
