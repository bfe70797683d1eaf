import type { FermataCore } from "./create-core";

/**
 * Has the browser open so many connections to the server, so that what comes soon does not wait for a handshake: a stream keeps
 * the one that a page has, and over HTTP/1.1 each request under way takes one. Outside of browsers connections are the
 * runtime's.
 */
export function warmUp({ baseUrl }: FermataCore, connections: number): void {
  for (let left = globalThis.document ? connections : 0; left > 0; left--) {
    // It is about the connection, not the answer; yet one that is not read to its end costs the connection. Cookies travel as
    // with the calls, which is nowhere but here: browsers keep connections apart by whether they may.
    fetch(`${baseUrl}/health`, { cache: "no-store" })
      .then((response) => response.text())
      .catch(() => {});
  }
}
