/** Next calls this once as it starts, before it takes a request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { watchListening } = await import("./watch-listening");
  watchListening();
  if (process.env.NODE_ENV !== "production" || process.env.VERCEL) return;
  const { hostedApi } = await import("./hosted-api");
  // Jobs run whether or not anybody asks for a page. What is amiss each request is told as well, and tries again.
  hostedApi().catch((error: unknown) => process.stderr.write(`${error}\n`));
}
