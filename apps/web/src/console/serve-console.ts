import { createServer } from "node:http";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Operator } from "@fermata/server";
import { refuseUpgrade } from "@fermata/server/node";
import next from "next";
import { hostApi } from "../api-slot";
import { listen } from "../self-hosted/listen";
import { quietly } from "../self-hosted/quietly";
import { closeGracefully } from "../self-hosted/shutdown";
import { consoleListener } from "./console-listener";
import { OneTimeLink } from "./one-time-link";

const loopback = "127.0.0.1";

export interface ServedConsole {
  /** Lets one browser in, once. */
  link: string;
  close(): Promise<void>;
}

/**
 * Serves the console on what an app holds: on loopback alone, to whoever has the link.
 * @param port the next free one is taken where it is in use; 0 for any
 */
export async function serveConsole(
  operator: Pick<Operator, "basePath" | "handlerFor">,
  { port: wanted }: { port: number },
): Promise<ServedConsole> {
  const { basePath } = operator;
  const handle = operator.handlerFor({ userId: "operator", name: "Operator" });
  hostApi(handle, { basePath });
  const pages = next({ dev: false, dir: webDirectory(), customServer: true });
  await quietly(() => pages.prepare());
  const answerPage = pages.getRequestHandler();
  const link = new OneTimeLink();
  const hosts: string[] = [];
  const server = createServer(
    consoleListener({ link, hosts, basePath }, { handle, pages: answerPage }),
  );
  server.on("upgrade", refuseUpgrade);
  const close = closeGracefully(server);
  const port = await listen(server, wanted, loopback);
  hosts.push(...[loopback, "localhost"].map((name) => `${name}:${port}`));
  return {
    link: `http://${loopback}:${port}${link.path}`,
    async close() {
      await close();
      await pages.close();
    },
  };
}

/** This file runs as it is, and from `dist/`. */
function webDirectory(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith("dist") ? dirname(here) : dirname(dirname(here));
}
