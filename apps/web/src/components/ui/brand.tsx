import { cn } from "../../lib/cn";
import { BrandMark, brandClass } from "./brand-mark";
import { PageLink } from "./page-link";

export function Brand({ className }: { className?: string }) {
  return (
    <PageLink href="/" className={cn(brandClass, className)} aria-label="Fermata, overview">
      <BrandMark />
    </PageLink>
  );
}
