import { beforeAll, describe, expect, test } from "vitest";
import { type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

describe.each(targets)("errors on $name", (target) => {
  const anonymous = rpcFor(target.baseUrl);
  let admin: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
  });

  test("health and readiness answer", async () => {
    const health = await fetch(`${target.baseUrl}/api/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: "ok" });
    const ready = await fetch(`${target.baseUrl}/api/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: "ok" }]);
  });

  test.each([
    ["files.generateUploadUrl", "mutate"],
    ["files.list", "query"],
    ["storage.list", "query"],
    ["signaling.createRoom", "mutate"],
    ["signaling.turnConfig", "query"],
    ["crons.list", "query"],
    ["auth.sessions", "query"],
  ] as const)("refuses %s to an anonymous caller", async (path, kind) => {
    const { status, error } = await anonymous[kind](path);
    expect(status).toBe(401);
    expect(error?.data).toMatchObject({
      code: "UNAUTHORIZED",
      httpStatus: 401,
      appCode: "UNAUTHENTICATED",
      requestId: expect.stringMatching(/.{8,}/),
    });
  });

  test("names the fields that do not fit", async () => {
    const { status, error } = await admin.query("files.getUrl", { storageId: 7 });
    expect(status).toBe(400);
    expect(error?.data).toMatchObject({
      appCode: "INVALID_INPUT",
      details: { issues: [{ path: "storageId" }] },
    });
  });

  test("answers an unknown procedure and an unknown route in the same shape", async () => {
    const procedure = await anonymous.query("files.steal");
    expect([procedure.status, procedure.error?.data.appCode]).toEqual([404, "NOT_FOUND"]);
    const route = await fetch(`${target.baseUrl}/api/nowhere`);
    expect(route.status).toBe(404);
    expect(await route.json()).toMatchObject({
      error: { appCode: "NOT_FOUND", message: expect.any(String), requestId: expect.any(String) },
    });
  });

  test.each(["signaling.join", "signaling.prepare", "signaling.turnConfig"])(
    "refuses to %s with an input that is no object, and says of which request",
    async (path) => {
      const isQuery = path === "signaling.turnConfig";
      for (const input of ["null", "7", '"x"', "[]", "[null]"]) {
        for (const [query, asked] of [
          ["", input],
          ["batch=1", `{"0":${input}}`],
        ] as const) {
          const inAddress = isQuery ? `${query}&input=${encodeURIComponent(asked)}` : query;
          const response = await fetch(`${target.baseUrl}/api/trpc/${path}?${inAddress}`, {
            ...(!isQuery && { method: "POST", body: asked }),
            headers: { "content-type": "application/json" },
          });
          const answered = await response.json();
          const { error } = query ? answered[0] : answered;
          const said = [response.status, error.data.appCode];
          expect(said, `${path} ${asked}`).toEqual([400, "INVALID_INPUT"]);
          expect(error.data.requestId).toBe(response.headers.get("x-request-id"));
        }
      }
    },
  );

  test("says of which request what fails before anybody is known", async () => {
    const response = await fetch(`${target.baseUrl}/api/trpc/signaling.join`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"roomId": ',
    });
    const { error } = await response.json();
    expect([response.status, error.data.appCode]).toEqual([400, "INVALID_INPUT"]);
    expect(error.data.requestId).toBe(response.headers.get("x-request-id"));
  });

  test("one call of a batch that does not fit harms no other", async () => {
    const input = encodeURIComponent('{"0":{},"1":null}');
    const paths = "settings.public,signaling.turnConfig";
    const response = await fetch(`${target.baseUrl}/api/trpc/${paths}?batch=1&input=${input}`);
    expect(await response.json()).toMatchObject([
      { result: { data: expect.anything() } },
      { error: { data: { appCode: "INVALID_INPUT" } } },
    ]);
  });

  test.each(["callback/credentials", "callback/zz", "callback/github", "signin/zz", "callback"])(
    "answers /api/auth/%s, which is no way to sign in, in the same shape",
    async (path) => {
      const response = await fetch(`${target.baseUrl}/api/auth/${path}`);
      expect([response.status, (await response.json()).error.appCode]).toEqual([404, "NOT_FOUND"]);
    },
  );

  test("refuses malformed JSON", async () => {
    const response = await fetch(`${target.baseUrl}/api/trpc/auth.createToken`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"email": ',
    });
    const { error } = await response.json();
    expect([response.status, error.data.appCode]).toEqual([400, "INVALID_INPUT"]);
    expect(error.message).not.toContain("JSON");
  });

  test("refuses a body beyond the limit, with and without Content-Length", async () => {
    const body = JSON.stringify({ email: "x".repeat(2_000_000), password: "y" });
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        controller.close();
      },
    });
    for (const init of [{ body }, { body: chunks, duplex: "half" as const }]) {
      const response = await fetch(`${target.baseUrl}/api/trpc/auth.createToken`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        ...init,
      });
      expect(response.status).toBe(413);
      expect(JSON.stringify(await response.json())).toContain('"appCode":"PAYLOAD_TOO_LARGE"');
    }
  });

  test("refuses a batch of 5,000 calls before any of them runs", async () => {
    const paths = Array.from({ length: 5_000 }, () => "auth.me").join(",");
    const response = await fetch(`${target.baseUrl}/api/trpc/${paths}?batch=1&input={}`);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect((await fetch(`${target.baseUrl}/api/health`)).status).toBe(200);
  });

  test("refuses a batch of one more than the limit with a typed error", async () => {
    const paths = Array.from({ length: 21 }, () => "auth.me").join(",");
    const response = await fetch(`${target.baseUrl}/api/trpc/${paths}?batch=1&input={}`);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain('"appCode":"INVALID_INPUT"');
  });

  test.each(["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])(
    "a form of another site (%s) runs nothing",
    async (contentType) => {
      const response = await fetch(`${target.baseUrl}/api/trpc/files.delete`, {
        method: "POST",
        headers: {
          "content-type": contentType,
          "sec-fetch-site": "cross-site",
          origin: "https://evil.example",
          authorization: `Bearer ${admin.token}`,
        },
        body: "--x--",
      });
      expect(response.status).toBe(415);
      expect(JSON.stringify(await response.json())).toContain("UNSUPPORTED_MEDIA_TYPE");
    },
  );

  test("what may be called as plain text is not, by a page of another site", async () => {
    const call = (origin: string | null, bearer: string | null = null) =>
      fetch(`${target.baseUrl}/api/trpc/files.generateUploadUrl`, {
        method: "POST",
        headers: { "content-type": "text/plain", ...(origin && { origin }) },
        body: JSON.stringify({ bearer, input: null }),
      });
    expect((await call("https://evil.example", admin.token)).status).toBe(403);
    // What a browser adds by itself names nobody.
    expect((await call(null, null)).status).toBe(401);
    expect((await call(null, admin.token)).status).toBe(200);
  });

  test("a token that is no token is nobody's", async () => {
    const { data } = await rpcFor(target.baseUrl, "fms_forged").query("auth.me");
    expect(data).toBeNull();
  });
});
