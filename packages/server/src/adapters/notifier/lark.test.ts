import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../ports/clock";
import { codeOf } from "../../testing/rooms";
import { type FetchServer, serveFetch } from "../../testing/serve-fetch";
import { createLarkNotifier } from "./lark";

const message = { title: "Studio digest", text: "Uploads: 3\nCalls: 1" };
const open: FetchServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A stand-in for Lark's webhook that keeps what it is sent. */
async function startLark(answer: () => Response) {
  const received: Record<string, unknown>[] = [];
  const server = await serveFetch(async (request) => {
    received.push((await request.json()) as Record<string, unknown>);
    return answer();
  });
  open.push(server);
  return { url: `${server.origin}/open-apis/bot/v2/hook/x`, received };
}

test("posts a title and lines, signed where there is a secret", async () => {
  const lark = await startLark(() => Response.json({ code: 0, msg: "success" }));
  const notifier = createLarkNotifier({
    webhookUrl: lark.url,
    secret: "its secret",
    clock: systemClock,
  });
  await notifier.notify(message);
  const [{ timestamp, sign, ...body } = {}] = lark.received;
  expect(body).toEqual({
    msg_type: "post",
    content: {
      post: {
        en_us: {
          title: "Studio digest",
          content: [[{ tag: "text", text: "Uploads: 3" }], [{ tag: "text", text: "Calls: 1" }]],
        },
      },
    },
  });
  expect(Math.abs(Number(timestamp) * 1000 - Date.now())).toBeLessThan(10_000);
  expect(sign).toBe(createHmac("sha256", `${timestamp}\nits secret`).digest("base64"));

  await createLarkNotifier({ webhookUrl: lark.url, clock: systemClock }).notify(message);
  expect(lark.received[1]).not.toHaveProperty("sign");
});

test.each([
  ["refuses in its own words", () => Response.json({ code: 19_021, msg: "sign match fail" })],
  ["answers something else", () => new Response("<html>", { status: 502 })],
])("fails as upstream when Lark %s", async (_what, answer) => {
  const lark = await startLark(answer);
  const notifier = createLarkNotifier({ webhookUrl: lark.url, clock: systemClock });
  expect(await codeOf(notifier.notify(message))).toBe("UPSTREAM_UNAVAILABLE");
});

test("fails as upstream when Lark cannot be reached", async () => {
  const notifier = createLarkNotifier({ webhookUrl: "http://127.0.0.1:9", clock: systemClock });
  expect(await codeOf(notifier.notify(message))).toBe("UPSTREAM_UNAVAILABLE");
});
