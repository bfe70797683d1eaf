import starlight from "@astrojs/starlight";
import { defineConfig, passthroughImageService } from "astro/config";
import { dropTitle } from "./src/drop-title";
import { firstPictureAtOnce } from "./src/first-picture";
import { linkPages } from "./src/link-pages";
import { placeLive } from "./src/live/place-live";
import { sidebar } from "./src/sidebar";

// Pages and search index as files, which any server can give out: below /docs, as `npm start` does.
export default defineConfig({
  base: "/docs",
  outDir: "./out",
  trailingSlash: "always",
  image: { service: passthroughImageService() },
  markdown: {
    smartypants: false,
    remarkPlugins: [linkPages, placeLive, dropTitle, firstPictureAtOnce],
  },
  integrations: [
    starlight({
      title: "Fermata",
      description:
        "Private files, heavy media, scheduled jobs and real-time rooms for React apps, on your own Next.js and PostgreSQL.",
      logo: { src: "./public/icon.svg", alt: "" },
      favicon: "/icon.svg",
      sidebar,
      customCss: ["./src/site.css"],
      components: { MarkdownContent: "./src/components/MarkdownContent.astro" },
      markdown: { processedDirs: ["../../"] },
      // Legible on paper: the usual light one has letters of 3 to 1.
      expressiveCode: {
        themes: ["github-dark", "github-light-high-contrast"],
        styleOverrides: {
          borderColor: "var(--border)",
          borderRadius: "var(--radius)",
          codeBackground: "var(--card)",
          frames: {
            shadowColor: "transparent",
            editorTabBarBackground: "var(--muted)",
            editorTabBarBorderBottomColor: "var(--border)",
            editorActiveTabBackground: "var(--card)",
            editorActiveTabIndicatorTopColor: "transparent",
          },
        },
      },
    }),
  ],
});
