import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isTurnedAway } from "./guard";
import { OneTimeLink } from "./one-time-link";

let link: OneTimeLink;
let server: Server;
let host: string;

beforeAll(async () => {
  const hosts: string[] = [];
  server = createServer((asked, answer) => {
    if (!isTurnedAway({ link, hosts, basePath: "/api/fermata" }, asked, answer))
      answer.end("let in");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  hosts.push(host);
});
afterAll(() => new Promise((ended) => server.close(ended)));
beforeEach(() => {
  link = new OneTimeLink();
});

/** Unlike fetch, it says whatever host and site it is told to. */
function ask(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; location?: string; cookie?: string }>((resolve, reject) => {
    request(`http://${host}${path}`, { headers }, (answer) => {
      answer.resume();
      const { location } = answer.headers;
      const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0];
      resolve({
        status: answer.statusCode ?? 0,
        ...(location && { location }),
        ...(cookie && { cookie }),
      });
    })
      .on("error", reject)
      .end();
  });
}

async function enter(): Promise<{ cookie: string }> {
  const { status, location, cookie = "" } = await ask(link.path);
  expect({ status, location }).toEqual({ status: 303, location: "/files" });
  return { cookie };
}

test("nobody comes in without the link", async () => {
  for (const path of ["/", "/files", "/api/fermata/trpc/files.list", "/_next/static/a.js"])
    expect(await ask(path)).toEqual({ status: 401 });
  expect(await ask("/open?key=guessed")).toEqual({ status: 403 });
  expect(await ask("/files", { cookie: "fermata_console=guessed" })).toEqual({ status: 401 });
});

test("the link lets one browser in, once", async () => {
  const { cookie } = await enter();
  expect(await ask(link.path)).toEqual({ status: 403 });
  expect(await ask("/files", { cookie })).toEqual({ status: 200 });
  expect(await ask("/files", { cookie: `a=b; ${cookie}` })).toEqual({ status: 200 });
  expect(await ask("/api/fermata/trpc/files.list", { cookie })).toEqual({ status: 200 });
});

test("pages of other servers, and other names of this one, get nothing", async () => {
  const { cookie } = await enter();
  const path = "/api/fermata/trpc/files.list";
  expect(await ask(path, { cookie, "sec-fetch-site": "same-site" })).toEqual({ status: 403 });
  expect(await ask(path, { cookie, origin: "http://127.0.0.1:1" })).toEqual({ status: 403 });
  expect(await ask(path, { cookie, origin: `http://${host}` })).toEqual({ status: 200 });
  expect(await ask(path, { cookie, host: "rebound.example" })).toEqual({ status: 403 });
});

test("pages that need the studio's tables are not there", async () => {
  const { cookie } = await enter();
  expect(await ask("/", { cookie })).toEqual({ status: 303, location: "/files" });
  for (const page of ["/settings", "/instruments", "/audit", "/sign-in", "/api/auth/session"])
    expect(await ask(page, { cookie })).toEqual({ status: 404 });
  for (const page of ["/media", "/crons/daily", "/rooms", "/health"])
    expect(await ask(page, { cookie })).toEqual({ status: 200 });
});
