import type { ReactNode } from "react";
import { Sign } from "../ui/sign";

interface PlainPageProps {
  title: string;
  children: ReactNode;
  /** Where whoever is lost can go from here, if anywhere. */
  action?: ReactNode;
}

export function PlainPage({ title, children, action }: PlainPageProps) {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center px-5 py-12 text-center">
      <Sign className="h-[39px] w-[52px] text-primary" />
      <h1 className="mt-5 text-balance font-display text-2xl tracking-[-0.015em]">{title}</h1>
      <p className="mt-2 max-w-[31em] text-balance text-base text-muted-foreground">{children}</p>
      {action && <div className="mt-5">{action}</div>}
    </main>
  );
}
