import { Agent, request } from "node:http";

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

/** Posts all of them on so many connections. @returns uploads a second */
export async function uploadRate(queue: PostedBody[], connections: number): Promise<number> {
  const uploads = queue.length;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  const worker = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await post(next, agent);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return uploads / seconds;
}
