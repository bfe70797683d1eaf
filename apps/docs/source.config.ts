import { defineCollections, defineConfig, frontmatterSchema } from "fumadocs-mdx/config";
import { linkPages } from "./src/link-pages";
import { placeLive } from "./src/live/place-live";

/** A page's title is its first heading, as it is for who reads the file in the repository. */
const titleOf = (source: string) => /^# (.+)$/m.exec(source)?.[1]?.replaceAll("`", "") ?? "";

export const docs = defineCollections({
  type: "doc",
  dir: "../..",
  files: [
    "{README,CONTRIBUTING,CHANGELOG}.md",
    "docs/**/*.md",
    "{apps,examples,packages}/*/README.md",
  ],
  schema: ({ source }) =>
    frontmatterSchema.extend({ title: frontmatterSchema.shape.title.default(titleOf(source)) }),
  postprocess: { includeProcessedMarkdown: true },
});

export default defineConfig({
  mdxOptions: {
    remarkPlugins: (own) => [...own, linkPages, placeLive],
    // Legible on paper: the usual light one has letters of 3 to 1.
    rehypeCodeOptions: { themes: { light: "github-light-high-contrast", dark: "github-dark" } },
  },
});
