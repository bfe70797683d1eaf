import type { BodyBounds } from "./read-body";

/** An upload may take as long as it needs: what ends it is a line on which nothing moves any more. */
export const uploadBounds = { idleSeconds: 30, minBytesPerSecond: 1024 } satisfies BodyBounds;
