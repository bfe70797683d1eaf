import { PageLink } from "../ui/page-link";
import { describeItems, type MediaSection } from "./media-sections";
import { MediaTile } from "./media-tile";

export const mediaColumns =
  "mt-3 grid grid-cols-[repeat(auto-fill,minmax(186px,1fr))] gap-x-4 gap-y-3.5 max-md:grid-cols-2 max-md:gap-x-3";

interface MediaGridProps {
  sections: MediaSection[];
  /** Older ones are not loaded: the last section may be longer than it looks. */
  more: boolean;
  openId: string | null;
  open(key: string): void;
}

export function MediaGrid({ sections, more, openId, open }: MediaGridProps) {
  return sections.map(({ title, href, items }, index) => (
    <section key={href ?? title} aria-label={title} className="pt-[22px]">
      <div className="flex items-baseline gap-3">
        <h2 className="font-display text-xl tracking-[-0.005em]">
          {href ? (
            <PageLink href={href} className="hover:underline">
              {title}
            </PageLink>
          ) : (
            title
          )}
        </h2>
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
