import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createFermata } from "@fermata/api";
import { browserOf, openHostLab } from "@fermata/server/testing/host-lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consoleListener } from "./console-listener";
import { OneTimeLink } from "./one-time-link";

const undo: (() => Promise<unknown>)[] = [];
const link = new OneTimeLink();
let origin: string;

beforeAll(async () => {
  const lab = await openHostLab();
  undo.push(() => lab.close());
  const fermata = lab.mount({ url: lab.url });
  await fermata.migrate();
  await lab.makeInvoices();
  const maja = browserOf(fermata);
  const terms = { as: "invoice", input: { invoiceId: "7" }, filename: "Invoice 7.png" };
  expect((await maja.upload(terms)).status).toBe(200);

  const hosts: string[] = [];
  const { basePath } = fermata.operator;
  const handle = fermata.operator.handlerFor({ userId: "operator" });
  const server = createServer(
    consoleListener(
      { link, hosts, basePath },
      { handle, pages: (_, response) => response.end("a page") },
    ),
  );
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  undo.push(() => new Promise((ended) => server.close(ended)));
  const { port } = server.address() as AddressInfo;
  hosts.push(`127.0.0.1:${port}`);
  origin = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

function clientWith(cookie: string) {
  return createFermata({
    url: `${origin}/api/fermata`,
    fetch: (input, init) => {
      const request = new Request(input, init);
      request.headers.set("cookie", cookie);
      return fetch(request);
    },
  });
}

test("an app's files, jobs and rooms are seen by who has the link, and by nobody else", async () => {
  const guess = clientWith("fermata_console=guessed");
  await expect(guess.trpc.files.list.query({ owner: "all" })).rejects.toThrow();
  expect((await fetch(`${origin}/files`)).status).toBe(401);

  const entered = await fetch(origin + link.path, { redirect: "manual" });
  const cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect((await fetch(origin + link.path)).status).toBe(403);
  expect(await (await fetch(`${origin}/files`, { headers: { cookie } })).text()).toBe("a page");

  const { trpc } = clientWith(cookie);
  const { items } = await trpc.files.list.query({ owner: "all" });
  expect(items).toMatchObject([{ filename: "Invoice 7.png", owner: { id: "maja" }, url: null }]);
  expect((await trpc.crons.list.query()).items.length).toBeGreaterThan(5);
  expect((await trpc.signaling.rooms.query()).items).toEqual([]);
  expect((await trpc.operations.health.query()).checks).toContainEqual(
    expect.objectContaining({ name: "migrations", ok: true }),
  );
});
