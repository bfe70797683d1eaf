import { createHmac } from "node:crypto";
import { z } from "zod";
import { AppError } from "../../ground/errors";
import type { Clock } from "../../ports/clock";
import type { Notifier } from "../../ports/notifier";

const REQUEST_TIMEOUT_MS = 10_000;

export interface LarkConfig {
  /** Of a custom bot: `https://open.larksuite.com/open-apis/bot/v2/hook/…`, or the same at open.feishu.cn. */
  webhookUrl: string;
  /** Where the bot's signature verification is on. */
  secret?: string;
  clock: Clock;
  fetch?: typeof fetch;
}

/** Lark answers 200 to nearly everything; the code tells. */
const answerSchema = z.object({ code: z.number(), msg: z.string().optional() });

/** Posts to a group through a Lark (Feishu) custom bot. @throws AppError UPSTREAM_UNAVAILABLE */
export function createLarkNotifier(config: LarkConfig): Notifier {
  const send = config.fetch ?? fetch;
  return {
    name: "lark",
    async notify({ title, text, url }) {
      const lines: object[][] = text.split("\n").map((line) => [{ tag: "text", text: line }]);
      if (url) lines.push([{ tag: "a", text: url, href: url }]);
      const body = {
        ...(config.secret && signature(config.secret, config.clock.now())),
        msg_type: "post",
        content: { post: { en_us: { title, content: lines } } },
      };
      const answer = await post(send, config.webhookUrl, body);
      if (answer.code !== 0)
        throw new AppError("UPSTREAM_UNAVAILABLE", {
          service: "lark",
          code: answer.code,
          reason: answer.msg,
        });
    },
  };
}

async function post(send: typeof fetch, url: string, body: object) {
  try {
    const response = await send(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    return answerSchema.parse(await response.json());
  } catch (cause) {
    throw new AppError("UPSTREAM_UNAVAILABLE", { service: "lark" }, undefined, { cause });
  }
}

/** Lark's scheme: the seconds and the secret are the key, and nothing is the message. */
function signature(secret: string, now: Date) {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const sign = createHmac("sha256", `${timestamp}\n${secret}`).update("").digest("base64");
  return { timestamp, sign };
}
