/** Next calls this once as it starts, before it takes a request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { watchListening } = await import("./watch-listening");
  watchListening();
}
