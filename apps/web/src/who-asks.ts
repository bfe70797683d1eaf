import { headers } from "next/headers";
import { cache } from "react";
import { pageClient } from "./page-client";

/**
 * Who is signed in, asked once while a page is made. Nobody is not believed: a page that was fetched ahead of a sign-in asks
 * again. Where the server cannot say, the page tells why.
 */
export const whoAsks = cache(async () => {
  try {
    const { trpc } = await pageClient(await headers());
    return (await trpc.auth.me.query()) ?? undefined;
  } catch {
    return undefined;
  }
});
