/** What sends where the caller gave no `fetch`: the global one as it is at each call, so that it can be replaced. */
export const defaultFetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);
