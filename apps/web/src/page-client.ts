import { createFermata, type Fermata } from "@fermata/api";
import { connectionOf } from "./connection-header";
import { hostedApi } from "./hosted-api";

/** What says who asks, and where. */
const passedOn = ["cookie", "host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-for"];

/**
 * The API for a page that is made on the server, as whoever asks for the page. No network is between.
 * @param asked the headers of the page's own request
 */
export async function pageClient(asked: Headers): Promise<Fermata> {
  const api = await hostedApi();
  return createFermata({
    url: `http://${asked.get("host") ?? "localhost"}`,
    fetch: (input, init) => {
      const request = new Request(input, { ...init, credentials: "omit" });
      for (const name of passedOn) {
        const value = asked.get(name);
        if (value !== null) request.headers.set(name, value);
      }
      return api(request, connectionOf({ headers: asked }));
    },
  });
}
