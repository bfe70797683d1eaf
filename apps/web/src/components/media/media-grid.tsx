import { describeItems, mediaSections } from "./media-sections";
import { MediaTile } from "./media-tile";
import type { MediaRow } from "./use-media";

export const mediaColumns =
  "mt-3 grid grid-cols-[repeat(auto-fill,minmax(186px,1fr))] gap-x-4 gap-y-3.5 max-md:grid-cols-2 max-md:gap-x-3";

interface MediaGridProps {
  rows: MediaRow[];
  now: Date;
  /** Older ones are not loaded: the last section may be longer than it looks. */
  more: boolean;
  openId: string | null;
  open(key: string): void;
}

export function MediaGrid({ rows, now, more, openId, open }: MediaGridProps) {
  const sections = mediaSections(rows, now);
  return sections.map(({ title, items }, index) => (
    <section key={title} aria-label={title} className="pt-[22px]">
      <div className="flex items-baseline gap-3">
        <h2 className="font-display text-xl tracking-[-0.005em]">{title}</h2>
        <span className="ml-auto text-right text-muted-foreground text-xs tabular-nums">
          {describeItems(items)}
          {more && index === sections.length - 1 && ", and more below"}
        </span>
      </div>
      <div className={mediaColumns}>
        {items.map((media) => (
          <MediaTile
            key={media.key}
            media={media}
            selected={media.key === openId}
            open={() => open(media.key)}
          />
        ))}
      </div>
    </section>
  ));
}
