import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Mode =
  | "list"
  | "combined"
  | "hang"
  | "garbage"
  | "no-credentials"
  | "redirect"
  | 401
  | 404
  | 429
  | 500;

/** Speaks the documented protocol of Cloudflare's TURN credentials, and fails in the ways that it can. */
export async function startCloudflareTurn(key: { keyId: string; apiToken: string }) {
  let mode: Mode = "list";
  let minted = 0;
  const asked: { ttl?: unknown }[] = [];
  const revoked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = (status: number, content: string | object) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof content === "string" ? content : JSON.stringify(content));
    };
    const path = `/v1/turn/keys/${key.keyId}/credentials`;
    const [, username] = /^\/([^/]+)\/revoke$/.exec(request.url?.slice(path.length) ?? "") ?? [];
    const isKnown = request.url === `${path}/generate-ice-servers` || username !== undefined;
    if (request.method !== "POST" || !request.url?.startsWith(path) || !isKnown) {
      return answer(404, {});
    }
    if (request.headers.authorization !== `Bearer ${key.apiToken}`) return answer(401, {});
    if (username !== undefined) {
      if (mode === "hang") return;
      if (typeof mode === "number") return answer(mode, { errors: [{ message: "no" }] });
      revoked.push(decodeURIComponent(username));
      response.writeHead(204);
      return response.end();
    }
    const input = JSON.parse(body) as { ttl?: unknown };
    asked.push(input);
    if (typeof input.ttl !== "number" || input.ttl > 172_800) return answer(400, {});

    if (mode === "hang") return;
    if (mode === "garbage") return answer(201, "<html>not JSON</html>");
    if (typeof mode === "number") return answer(mode, { errors: [{ message: "no" }] });
    if (mode === "redirect") {
      response.writeHead(307, { location: "/elsewhere" });
      return response.end();
    }
    const stun = ["stun:stun.cloudflare.com:3478", "stun:stun.cloudflare.com:53"];
    if (mode === "no-credentials") return answer(201, { iceServers: [{ urls: stun }] });
    const turn = [
      "turn:turn.cloudflare.com:3478?transport=udp",
      "turn:turn.cloudflare.com:53?transport=udp",
      "turns:turn.cloudflare.com:443?transport=tcp",
    ];
    const credentials = { username: `minted-${++minted}`, credential: "secret" };
    if (mode === "combined") {
      return answer(201, { iceServers: { urls: [...stun, ...turn], ...credentials } });
    }
    answer(201, { iceServers: [{ urls: stun }, { urls: turn, ...credentials }] });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    /** The bodies of all calls with a right token. */
    asked,
    /** The user names whose credentials were revoked. */
    revoked,
    behave(next: Mode) {
      mode = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
