import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { servePacked } from "./serve-packed";

const script = "console.log('held');".repeat(40);

describe("what the build packed", () => {
  let dir: string;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "fermata-packed-"));
    await mkdir(join(dir, "chunks"));
    await writeFile(join(dir, "chunks/a.js"), script);
    await writeFile(join(dir, "chunks/a.js.br"), brotliCompressSync(script));
    await writeFile(join(dir, "chunks/b.js"), script);
    const packed = servePacked(dir);
    server = createServer((request, response) => {
      if (!packed(request, response)) response.end("by Next");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    await rm(dir, { recursive: true });
  });

  test("is given to whoever takes it, to be kept for a year", async () => {
    const answer = await fetch(`${origin}/_next/static/chunks/a.js?dpl=1`, {
      headers: { "accept-encoding": "gzip, br" },
    });
    expect(answer.headers.get("content-encoding")).toBe("br");
    expect(answer.headers.get("content-type")).toBe("application/javascript; charset=utf-8");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(answer.headers.get("vary")).toBe("accept-encoding");
    expect(await answer.text()).toBe(script);
  });

  test.each([
    ["a browser that takes gzip alone", "/_next/static/chunks/a.js", "gzip"],
    ["a file that is not packed", "/_next/static/chunks/b.js", "br"],
    ["a packed file by its own name", "/_next/static/chunks/a.js.br", "br"],
    ["a path that leads out of the folder", "/_next/static/../static/chunks/a.js", "br"],
    ["a page", "/files", "br"],
  ])("leaves %s to Next", async (_, path, encoding) => {
    const body = await new Promise<string>((resolve, reject) => {
      get(`${origin}${path}`, { headers: { "accept-encoding": encoding }, path }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve(text));
      }).on("error", reject);
    });
    expect(body).toBe("by Next");
  });

  test("is nothing where nothing was built", async () => {
    expect(() => servePacked(join(dir, "nowhere"))).not.toThrow();
  });
});
