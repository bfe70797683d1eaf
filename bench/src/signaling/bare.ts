import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@fermata/embedded/postgres";
import { startServer } from "../servers";
import type { Client, Contestant } from "./contestant";
import { openEvents, openPoster } from "./line-socket";
import { postmasterPid } from "./process-usage";

/** What keeping a message costs on this machine, whoever does it: Node, one INSERT that is committed to disk, one stream. */
export async function startBareLog(): Promise<Contestant> {
  const dir = await mkdtemp(join(tmpdir(), "fermata-bench-"));
  const postgres = await startPostgres({ dataDir: join(dir, "postgres"), database: "bare" });
  const relay = fileURLToPath(new URL("bare-log.ts", import.meta.url));
  const server = await startServer(["--import", "tsx", relay], { DATABASE_URL: postgres.url });
  let rooms = 0;
  /** Each is heard in a room of its own, and speaks in that of the other. */
  const openClient = async (own: string, others: string): Promise<Client> => {
    const url = (room: string) => new URL(`/?room=${room}`, server.url);
    const client: Client = { onText: () => {}, send: () => {}, close: () => {} };
    const stream = await openEvents(url(own), "", (text) => client.onText(text));
    const poster = openPoster(url(others), "");
    return Object.assign(client, {
      send: (text: string) => poster.post(text),
      close() {
        stream.close();
        poster.close();
      },
    });
  };
  return {
    name: "bare Node, one INSERT",
    pid: server.pid,
    postgresPid: await postmasterPid(postgres.dataDir),
    async openPair() {
      const [ada, ben] = [`ada-${++rooms}`, `ben-${rooms}`];
      return [await openClient(ada, ben), await openClient(ben, ada)];
    },
    openAudience() {
      throw new Error("it keeps one reader a room");
    },
    async stop() {
      await server.stop();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
