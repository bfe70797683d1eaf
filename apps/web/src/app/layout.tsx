import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { preload } from "react-dom";
import { themeScript } from "../lib/theme-script";
import textFont from "../styles/fonts/geist-latin.woff2";
import titleFont from "../styles/fonts/newsreader-latin.woff2";
import "../styles/globals.css";

export const metadata: Metadata = {
  title: { default: "Fermata", template: "%s · Fermata" },
  description:
    "Private files, heavy media, scheduled jobs and live rooms for your React app, on your own server.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf6" },
    { media: "(prefers-color-scheme: dark)", color: "#16130f" },
  ],
  viewportFit: "cover",
};

/** Of every page. Found in the styles alone, they would begin a round trip after them. */
const fonts = [textFont, titleFont];

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  for (const font of fonts)
    preload(font, { as: "font", type: "font/woff2", crossOrigin: "anonymous" });
  return (
    // The script sets the theme's class before React wakes up.
    <html lang="en" suppressHydrationWarning>
      <body>
        <script
          nonce={nonce}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours.
          dangerouslySetInnerHTML={{ __html: themeScript }}
        />
        {children}
      </body>
    </html>
  );
}
