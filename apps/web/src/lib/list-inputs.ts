import { limits } from "@fermata/contract";

/** What the pages' lists begin with. The page that is made on the server asks with the same, or it would ask in vain. */
export const listInputs = {
  files: { limit: 50, withCounts: true },
  media: { limit: 50 },
  instruments: { limit: 50 },
  openRooms: { limit: limits.pageItems, open: true },
  audit: { limit: 50 },
};

export const byCursor = {
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor,
};
