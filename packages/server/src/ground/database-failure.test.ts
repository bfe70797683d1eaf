import { request } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { databaseFailureOf } from "./database-failure";
import { AppError, toAppError } from "./errors";

/** Takes connections and closes those that speak HTTP, and resets the others. */
const breaker = createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (said) => {
    if (said.includes("HTTP/1.1")) socket.destroy();
    else socket.resetAndDestroy();
  });
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => breaker.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(breaker.address() as AddressInfo).port}`;
});
afterAll(() => void breaker.close());

const thrown = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe("whose a broken connection was", () => {
  test("one by fetch or over HTTP is no failure of the database", async () => {
    const byFetch = await thrown(fetch(url));
    const overHttp = await thrown(
      new Promise((_, reject) => request(url).on("error", reject).end()),
    );
    for (const error of [byFetch, overHttp, new Error("of a rule", { cause: byFetch })]) {
      expect(databaseFailureOf(error)).toBeNull();
      expect(toAppError(error).code).toBe("INTERNAL");
    }
  });

  test("what names its service is that service's, whatever caused it", () => {
    const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const details = { service: "object store" };
    const error = new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause });
    expect(databaseFailureOf(error)).toBeNull();
    expect(databaseFailureOf(new Error("of a rule", { cause: error }))).toBeNull();
    expect(databaseFailureOf(toAppError(cause))).toBe("away");
  });

  test("a bare socket is the database's, as node-postgres has it", async () => {
    const { port } = new URL(url);
    const error = await thrown(
      new Promise((_, reject) => {
        connect(Number(port), "127.0.0.1").on("error", reject).write("startup");
      }),
    );
    expect(databaseFailureOf(error)).toBe("away");
  });
});
