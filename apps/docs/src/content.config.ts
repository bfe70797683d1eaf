import { defineCollection } from "astro:content";
import { readFileSync } from "node:fs";
import { docsSchema } from "@astrojs/starlight/schema";
import { glob, type Loader } from "astro/loaders";
import { pageFiles, repository } from "./page-files";
import { pagePath } from "./page-path";

/** A page's title is its first heading, as it is for who reads the file in the repository. */
function titleOf(file = ""): string {
  return /^# (.+)$/m.exec(readFileSync(file, "utf8"))?.[1]?.replaceAll("`", "") ?? "";
}

function filesOfTheRepository(): Loader {
  const files = glob({
    base: repository,
    pattern: pageFiles,
    generateId: ({ entry }) => pagePath(entry) || "index",
  });
  return {
    name: "files-of-the-repository",
    load: (context) =>
      files.load({
        ...context,
        parseData: ({ id, data, filePath }) =>
          context.parseData({
            id,
            data: { title: titleOf(filePath), ...data },
            ...(filePath && { filePath }),
          }),
      }),
  };
}

export const collections = {
  docs: defineCollection({ loader: filesOfTheRepository(), schema: docsSchema() }),
};
