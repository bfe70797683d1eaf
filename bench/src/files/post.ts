import { type Agent, request } from "node:http";

export interface PostedBody {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** One POST, answered with 2xx. @returns the answer's body */
export function post({ url, headers, body }: PostedBody, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: "POST",
        agent,
        headers: { ...headers, "content-length": String(body.byteLength) },
      },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk) => {
          text += chunk;
        });
        incoming.on("error", reject);
        incoming.on("end", () => {
          const { statusCode = 0 } = incoming;
          if (statusCode >= 200 && statusCode < 300) resolve(text);
          else reject(new Error(`${statusCode}: ${text}`));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
