import { globSync } from "tinyglobby";
import { pagePath } from "./page-path";

/** From here, where the site's files are. */
export const repository = "../..";

/** What of the repository is a page. */
export const pageFiles = [
  "{README,CONTRIBUTING,CHANGELOG}.md",
  "docs/**/*.md",
  "{apps,examples,packages}/*/README.md",
];

/** Where the pages stand in the site, in the order of their names. */
export function listPages(): string[] {
  return globSync(pageFiles, { cwd: repository }).map(pagePath).sort();
}
