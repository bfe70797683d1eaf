import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../ports/clock";
import { codeOf } from "../../testing/rooms";
import { type FetchServer, serveFetch } from "../../testing/serve-fetch";
import { severalNotifiers } from "./several";
import { createWebhookNotifier } from "./webhook";

const open: FetchServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const message = {
  kind: "job.failing",
  severity: "error" as const,
  title: '"bill" failed 3 times in a row',
  text: "broken\nagain",
  url: "https://studio.example.com/crons/bill",
};

/** A stand-in for somebody's endpoint, which answers with these states in turn, the last one ever after. */
async function startEndpoint(...states: number[]) {
  const received: { headers: Headers; body: string }[] = [];
  const server = await serveFetch(async (request) => {
    received.push({ headers: request.headers, body: await request.text() });
    const status = states.length > 1 ? states.shift() : states[0];
    return new Response(null, { status: status ?? 204, headers: { location: "/elsewhere" } });
  });
  open.push(server);
  return { url: `${server.origin}/hook`, received };
}

const notifierFor = (url: string, secret?: string) =>
  createWebhookNotifier({ url, ...(secret && { secret }), clock: systemClock, retryDelaysMs: [1] });

test("posts what happened, signed as Standard Webhooks says where there is a secret", async () => {
  const { url, received } = await startEndpoint(200);
  const key = Buffer.from("a key of twenty-four b.");
  await notifierFor(url, `whsec_${key.toString("base64")}`).notify(message);
  await notifierFor(url, "a plain secret").notify(message);
  await notifierFor(url).notify({ title: "Hello", text: "" });
  const [{ headers, body } = { headers: new Headers(), body: "" }, plain, unsigned] = received;
  const { kind, ...data } = message;
  expect(JSON.parse(body)).toEqual({ type: kind, timestamp: expect.any(String), data });
  const signed = (of: { headers: Headers; body: string } | undefined, secret: Buffer | string) =>
    `v1,${createHmac("sha256", secret)
      .update(
        `${of?.headers.get("webhook-id")}.${of?.headers.get("webhook-timestamp")}.${of?.body}`,
      )
      .digest("base64")}`;
  expect(headers.get("webhook-signature")).toBe(signed({ headers, body }, key));
  expect(plain?.headers.get("webhook-signature")).toBe(signed(plain, "a plain secret"));
  expect(Math.abs(Number(headers.get("webhook-timestamp")) * 1000 - Date.now())).toBeLessThan(
    10_000,
  );
  expect(unsigned?.headers.has("webhook-signature")).toBe(false);
  expect(JSON.parse(unsigned?.body ?? "")).toMatchObject({
    type: "message",
    data: { severity: "info", url: null },
  });
});

test("tries again with the same id after a refusal that may pass, and no other", async () => {
  const shaky = await startEndpoint(503, 200);
  await notifierFor(shaky.url).notify(message);
  expect(shaky.received).toHaveLength(2);
  expect(new Set(shaky.received.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);

  for (const [status, attempts] of [
    [503, 2],
    [404, 1],
    [302, 1],
  ] as const) {
    const endpoint = await startEndpoint(status);
    expect(await codeOf(notifierFor(endpoint.url).notify(message))).toBe("UPSTREAM_UNAVAILABLE");
    expect(endpoint.received, String(status)).toHaveLength(attempts);
  }
  const nobody = notifierFor("http://127.0.0.1:9");
  expect(await codeOf(nobody.notify(message))).toBe("UPSTREAM_UNAVAILABLE");
});

test("of several each is told, also when one of them fails, which is said", async () => {
  const heard: string[] = [];
  const notifier = (name: string, fails = false) => ({
    name,
    notify: async ({ title }: { title: string }) => {
      heard.push(`${name}: ${title}`);
      if (fails) throw new Error(`${name} is down`);
    },
  });
  const all = severalNotifiers([notifier("a", true), notifier("b")]);
  await expect(all?.notify(message)).rejects.toThrow("a is down");
  expect(heard).toEqual([`a: ${message.title}`, `b: ${message.title}`]);
  expect(all?.name).toBe("a, b");
  expect(severalNotifiers([])).toBeNull();
});
