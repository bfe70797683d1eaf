import { RootProvider } from "fumadocs-ui/provider/next";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import "./site.css";

export const metadata: Metadata = {
  title: { default: "Fermata", template: "%s · Fermata" },
  description:
    "Private files, heavy media, scheduled jobs and real-time rooms for React apps, on your own Next.js and PostgreSQL.",
};

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <RootProvider search={{ options: { type: "static", api: "/docs/search.json" } }}>
          {children}
        </RootProvider>
      </body>
    </html>
  );
}
