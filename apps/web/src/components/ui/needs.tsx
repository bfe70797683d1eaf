import { CircleCheck, type LucideIcon } from "lucide-react";
import { cn } from "../../lib/cn";
import { PageLink } from "./page-link";
import { Section } from "./section";

export interface Need {
  key: string;
  icon: LucideIcon;
  colour: string;
  title: string;
  body: string;
  /** Where it is mended, and what the link says. */
  act?: { href: string; label: string };
}

/** What somebody has to do, each with its reason; or that there is nothing. */
export function Needs({ needs, className }: { needs: Need[]; className?: string }) {
  return (
    <Section
      title="What needs you"
      className={className}
      aside={needs.length > 0 && <span className="tabular-nums">{needs.length}</span>}
    >
      {needs.length === 0 && (
        <p className="flex items-center gap-2.5 py-3 text-muted-foreground text-sm">
          <CircleCheck aria-hidden="true" className="size-4 text-success" />
          Nothing. All is held.
        </p>
      )}
      <ul>
        {needs.map(({ key, icon: Icon, colour, title, body, act }) => (
          <li
            key={key}
            className="grid grid-cols-[18px_minmax(0,1fr)] gap-2.5 border-t pt-[11px] pb-3 first:border-t-0"
          >
            <Icon aria-hidden="true" className={`mt-[3px] size-4 ${colour}`} />
            <div className="min-w-0">
              <h3 className="font-[540] text-sm">{title}</h3>
              {/* What is cut here is whole where the link leads. */}
              <p
                className={cn(
                  "mt-px mb-[3px] text-muted-foreground text-xs [overflow-wrap:anywhere]",
                  act && "line-clamp-3",
                )}
              >
                {body}
              </p>
              {act && (
                <PageLink href={act.href} className="link text-xs">
                  {act.label}
                </PageLink>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
