/** How event streams are kept alive, whichever way they are written. */
export const streamBounds = {
  /** Below the idle limits of common proxies; oftener costs half a core at 5,000 streams. */
  pingMs: 20_000,
  /** Told to clients: a stream that is silent for longer is broken. */
  reconnectAfterInactivityMs: 45_000,
  /** Ends a stream before a serverless platform does; the client resumes where it was and shows its token again. */
  maxDurationMs: 280_000,
};
