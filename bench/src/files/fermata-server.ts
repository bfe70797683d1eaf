import { fileURLToPath } from "node:url";
import { type BenchServer, startServer } from "../servers";

const serve = fileURLToPath(new URL("../../../apps/web/dist/serve.js", import.meta.url));
const admin = { email: "bench@example.com", password: "a sentence that nobody guesses" };

export interface FermataServer extends BenchServer {
  /** URLs for so many uploads. */
  grant(count: number): Promise<string[]>;
  query(path: string, input: object): Promise<unknown>;
  /** The bearer of who is signed in. */
  token(): string;
  /** Makes so many accounts. @returns their bearers */
  accounts(count: number): Promise<string[]>;
}

/** The self-hosted server with its embedded database and store, and somebody signed in. */
export async function startFermata(
  dataDir: string,
  env: Record<string, string> = {},
): Promise<FermataServer> {
  const server = await startServer([serve], {
    // As `npm start` sets it.
    UV_THREADPOOL_SIZE: "16",
    FERMATA_DATA: dataDir,
    FERMATA_ADMIN_EMAIL: admin.email,
    FERMATA_ADMIN_PASSWORD: admin.password,
    FERMATA_FILES_QUOTA_BYTES: String(2 ** 45),
    ...env,
  });
  const mutate = async (path: string, input: object, token?: string) => {
    const answer = await fetch(`${server.url}/api/trpc/${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(input),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(JSON.stringify(body));
    return body.result.data;
  };
  const { token } = await mutate("auth.createToken", admin);
  return {
    ...server,
    token: () => token,
    async accounts(count) {
      const tokens: string[] = [];
      for (let i = 0; i < count; i++) {
        const account = { email: `bench-${i}@example.com`, password: admin.password };
        await mutate("auth.createUser", account, token);
        tokens.push((await mutate("auth.createToken", account)).token);
      }
      return tokens;
    },
    grant: (count) => grantsFrom(() => mutate("files.generateUploadUrl", {}, token), count),
    async query(path, input) {
      const url = `${server.url}/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      const body = await answer.json();
      if (!answer.ok) throw new Error(JSON.stringify(body));
      return body.result.data;
    },
  };
}

/** @returns URLs for so many uploads, twenty of them asked for at once */
export async function grantsFrom(
  ask: () => Promise<{ url?: string }>,
  count: number,
): Promise<string[]> {
  const urls: string[] = [];
  while (urls.length < count) {
    const wanted = Math.min(20, count - urls.length);
    const grants = await Promise.all(Array.from({ length: wanted }, ask));
    for (const { url = "" } of grants) urls.push(url);
  }
  return urls;
}
