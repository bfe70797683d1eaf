import { loader } from "fumadocs-core/source";
import { toFumadocsSource } from "fumadocs-mdx/runtime/server";
import { docs } from "../.source/server";
import { pagePath } from "./page-path";

export const source = loader({
  baseUrl: "/",
  source: toFumadocsSource(docs, []),
  slugs: ({ path }) => pagePath(path).split("/").filter(Boolean),
});
