import { fileKind } from "../../lib/file-kind";
import type { MediaRow } from "./use-media";

const isReady = ({ status }: MediaRow) => status === "ready";

/** The tabs above the grid, in their order. */
const filters = {
  all: { text: "All", matches: () => true },
  photos: { text: "Photos", matches: (row: MediaRow) => isReady(row) && isPhoto(row) },
  clips: { text: "Clips", matches: (row: MediaRow) => isReady(row) && isClip(row) },
  others: {
    text: "Others",
    matches: (row: MediaRow) => isReady(row) && !isPhoto(row) && !isClip(row),
  },
  unfinished: { text: "Not ready", matches: (row: MediaRow) => !isReady(row) },
};
export type MediaFilter = keyof typeof filters;

export function isPhoto({ contentType }: MediaRow): boolean {
  return contentType.startsWith("image/");
}

export function isClip({ contentType }: MediaRow): boolean {
  return fileKind(contentType) === "video";
}

export function filterMedia(rows: MediaRow[], filter: MediaFilter, search: string): MediaRow[] {
  const wanted = search.trim().toLowerCase();
  return rows.filter(
    (row) => filters[filter].matches(row) && row.filename.toLowerCase().includes(wanted),
  );
}

/** What `Tabs` shows: everything, then each kind that there is. */
export function filterTabs(rows: MediaRow[]) {
  return (Object.keys(filters) as MediaFilter[])
    .map((filter) => {
      const { text, matches } = filters[filter];
      return [filter, text, rows.filter(matches).length] as const;
    })
    .filter(([filter, , count]) => filter === "all" || count > 0);
}
