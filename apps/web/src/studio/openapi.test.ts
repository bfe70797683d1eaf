import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import openapiTypes, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestComposition } from "../testing/test-composition";
import { appRouter } from "./app-router";

let dir: string;
let opened: Awaited<ReturnType<typeof openTestComposition>>;
// biome-ignore lint/suspicious/noExplicitAny: the whole document, as a file would hold it
let document: any;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-openapi-"));
  opened = await openTestComposition(dir);
  const request = new Request("http://fermata.test/api/openapi.json");
  const response = await opened.composition.api(request);
  expect(response.status).toBe(200);
  document = await response.json();
});
afterAll(async () => {
  await opened.close();
  await rm(dir, { recursive: true, force: true });
});

test("names every procedure once, with its method", () => {
  const named = Object.keys(document.paths).filter((path) => path.startsWith("/trpc/"));
  const procedures = Object.entries(appRouter._def.procedures);
  expect(named).toEqual(procedures.map(([path]) => `/trpc/${path}`));
  for (const [path, procedure] of procedures) {
    const { type } = (procedure as unknown as { _def: { type: string } })._def;
    const method = type === "mutation" ? "post" : "get";
    expect(Object.keys(document.paths[`/trpc/${path}`])).toEqual([method]);
  }
});

test("openapi-typescript makes types of it", async () => {
  const types = astToString(await openapiTypes(document));
  expect(types).toContain("files_getUrl");
  expect(types).toContain("instruments_getPublic");
  expect(types).toContain("RoomMessage");
  expect(types).not.toMatch(/: (unknown|never);\s*\/\/ missing/);
});
