import { formatDay, formatMonth } from "../../lib/dates";
import { formatBytes, plural } from "../../lib/format";
import { isClip, isPhoto } from "./media-filters";
import type { MediaRow } from "./use-media";

const weekMs = 7 * 86_400_000;

export interface MediaSection {
  title: string;
  /** Where what it is about can be changed. */
  href?: string;
  items: MediaRow[];
}

/** Media by the time they came: a day, the last week, then months. They arrive newest first and stay so. */
export function mediaSections(rows: MediaRow[], now: Date): MediaSection[] {
  const sections: MediaSection[] = [];
  for (const row of rows) {
    const title = sectionTitle(new Date(row.createdAt), now);
    const last = sections.at(-1);
    if (last?.title === title) last.items.push(row);
    else sections.push({ title, items: [row] });
  }
  return sections;
}

const unshown = "On no instrument";

/** Media by the instrument that shows them; what several show stands with each, and what none shows comes last. */
export function instrumentSections(rows: MediaRow[]): MediaSection[] {
  const sections = new Map<string, MediaSection>();
  const put = (id: string, section: Omit<MediaSection, "items">, row: MediaRow) => {
    const found = sections.get(id) ?? { ...section, items: [] };
    found.items.push(row);
    sections.set(id, found);
  };
  for (const row of rows) {
    for (const { instrumentId, name } of row.instruments) {
      put(instrumentId, { title: name, href: `/instruments/edit/${instrumentId}` }, row);
    }
  }
  const loose = rows.filter(({ instruments }) => instruments.length === 0);
  for (const row of loose) put("", { title: unshown }, row);
  return [...sections.values()];
}

function sectionTitle(date: Date, now: Date): string {
  const day = formatDay(date, now);
  if (day === "Today" || day === "Yesterday") return day;
  return now.getTime() - date.getTime() < weekMs ? "Last seven days" : formatMonth(date);
}

/** `38 photos, 6 clips, 96.4 GB, 1 not ready`. */
export function describeItems(items: MediaRow[]): string {
  const ready = items.filter(({ status }) => status === "ready");
  const photos = ready.filter(isPhoto).length;
  const clips = ready.filter(isClip).length;
  const others = ready.length - photos - clips;
  const unfinished = items.length - ready.length;
  return [
    photos > 0 && plural(photos, "photo"),
    clips > 0 && plural(clips, "clip"),
    others > 0 && plural(others, "other"),
    ready.length > 0 && formatBytes(ready.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)),
    unfinished > 0 && `${unfinished} not ready`,
  ]
    .filter(Boolean)
    .join(", ");
}
