import { createHmac } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@fermata/embedded/testing/free-port";
import { hasBrowser, launchBrowser } from "./browser";
import { type Coturn, createCoturn, hasCoturn } from "./coturn";
import { makeDataDir } from "./data-dir";
import type { Seating } from "./peer-page-script";
import { openTab, type PeerTab, servePeerPages } from "./peer-pages";
import { createRoom, type TestRoom } from "./rooms";
import { type Rpc, signInAdmin } from "./rpc";
import { type RunningServer, startSelfHosted } from "./start-server";
import { targets } from "./targets";

/** Whether `what` can be tested here: with a browser, a relay, and a server that may be told of it. */
export function canCall(what: string): boolean {
  // With BASE_URL there is somebody's server, which knows nothing of our relay.
  const startsServers = targets.some(({ name }) => name === "self-hosted");
  return startsServers && hasBrowser(what) && hasCoturn(what);
}

/** A server, a relay on loopback that it gives credentials for, and a browser. */
export interface CallLab {
  coturn: Coturn;
  /** What the server makes credentials with; the relay is to be started with it. */
  relaySecret: string;
  /** The other ways to the relay, where UDP does not get through. */
  relayUrls: { tcp: string; tls: string; ipv6: string };
  /** What the relay takes until an instant. */
  relayCredentials(untilMs: number): { username: string; credential: string };
  owner: Rpc;
  baseUrl(): string;
  openRoom(capacity?: number): Promise<TestRoom>;
  openTab(): Promise<PeerTab>;
  /** A tab whose page has another client than today's. @param entry of its package */
  openTabWith(entry: string): Promise<PeerTab>;
  /** A place in the room for somebody who may use the relay only. */
  seating(room: TestRoom, displayName: string, options?: Seating["options"]): Seating;
  /** Ends the server, and starts it again at the same address over the same data once `whileAway` is done. */
  restartServer(whileAway?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** @param browserArgs for the browser, in addition to what every test gives it */
export async function startCallLab(browserArgs: string[] = []): Promise<CallLab> {
  const relaySecret = "the relay's secret, for one test run";
  const dataDir = await makeDataDir();
  const tlsPort = await freePort();
  const coturn = createCoturn(await freePort(), tlsPort);
  const [pages, browser] = await Promise.all([
    servePeerPages(),
    // The relay's certificate is its own.
    launchBrowser(["--ignore-certificate-errors", ...browserArgs]),
    coturn.start(relaySecret),
  ]);
  const port = await freePort();
  const startServer = () =>
    startSelfHosted(join(dataDir, "data"), port, {
      FERMATA_ALLOWED_ORIGINS: pages.origin,
      COTURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=udp`,
      COTURN_SECRET: relaySecret,
    });
  let server: RunningServer = await startServer();
  const owner = await signInAdmin(server.target);
  return {
    coturn,
    relaySecret,
    relayUrls: {
      tcp: `turn:127.0.0.1:${coturn.port}?transport=tcp`,
      tls: `turns:127.0.0.1:${tlsPort}?transport=tcp`,
      ipv6: `turn:[::1]:${coturn.port}?transport=udp`,
    },
    relayCredentials(untilMs) {
      const username = `${Math.floor(untilMs / 1000)}:somebody`;
      const credential = createHmac("sha1", relaySecret).update(username).digest("base64");
      return { username, credential };
    },
    owner,
    baseUrl: () => server.target.baseUrl,
    openRoom: (capacity) => createRoom(owner, capacity),
    openTab: () => openTab(browser, pages.origin),
    openTabWith: async (entry) => openTab(browser, await pages.serveClient(entry)),
    seating: (room, displayName, options = {}) => ({
      ...room,
      baseUrl: server.target.baseUrl,
      displayName,
      options: { iceTransportPolicy: "relay", ...options },
    }),
    async restartServer(whileAway) {
      await server.stop();
      await whileAway?.();
      server = await startServer();
    },
    async close() {
      await browser.close();
      await server.stop();
      await Promise.all([coturn.kill(), pages.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
