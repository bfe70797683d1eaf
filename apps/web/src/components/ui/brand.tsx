import { cn } from "../../lib/cn";
import { PageLink } from "./page-link";
import { Sign } from "./sign";

export function Brand({ className }: { className?: string }) {
  return (
    <PageLink
      href="/"
      className={cn("flex items-center gap-2.5 rounded-sm text-foreground", className)}
      aria-label="Fermata, overview"
    >
      <Sign className="h-[21px] w-7 text-primary" />
      <span className="font-display font-[500] text-[21px] leading-6 tracking-[-0.01em]">
        Fermata
      </span>
    </PageLink>
  );
}
