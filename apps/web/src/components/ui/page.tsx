import type { ReactNode } from "react";

interface PageProps {
  title: string;
  sub?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of the console: its title in the display face, what to do at the right. */
export function Page({ title, sub, actions, children }: PageProps) {
  return (
    <div className="@container/page max-w-page px-10 pb-10 max-lg:px-7 max-md:px-4 max-md:pb-6">
      <header className="flex items-end gap-6 pt-[34px] pb-5 max-md:items-center max-md:gap-3 max-md:pt-5 max-md:pb-3.5">
        <div className="min-w-0 flex-1 basis-40">
          <h1 className="text-balance font-display text-2xl tracking-[-0.015em] max-md:text-[28px] max-md:leading-[34px]">
            {title}
          </h1>
          {sub && (
            <p className="mt-0.5 min-h-[22px] text-balance text-base text-muted-foreground max-md:text-sm">
              {sub}
            </p>
          )}
        </div>
        {actions && <div className="flex flex-none items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** Text of a page action that is left out where the page is narrow, on a phone or beside the sidebar: the icon stays. */
export function ActionText({ children }: { children: ReactNode }) {
  return <span className="@max-[40rem]/page:sr-only">{children}</span>;
}
