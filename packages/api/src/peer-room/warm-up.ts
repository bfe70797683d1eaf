import type { FermataCore } from "../create-core";

/**
 * Has the browser open so many connections to the server, so that what comes soon does not wait for a handshake: a stream keeps
 * the one that a page has, and over HTTP/1.1 each request under way takes one. Outside of browsers connections are the
 * runtime's.
 */
export function warmUp({ baseUrl }: FermataCore, connections: number): void {
  if (typeof document === "undefined") return;
  const url = new URL(`${baseUrl}/health`, location.href);
  // As the calls are sent: browsers keep connections apart by whether cookies may travel on them.
  const credentials = url.origin === location.origin ? "same-origin" : "omit";
  for (let count = 0; count < connections; count++) {
    // It is about the connection, not the answer; yet one that is not read to its end costs the connection.
    fetch(url, { credentials, cache: "no-store" })
      .then((response) => response.text())
      .catch(() => {});
  }
}
