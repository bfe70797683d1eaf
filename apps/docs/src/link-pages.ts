import { posix, relative, resolve, sep } from "node:path";
import type { Link, Root } from "mdast";
import { visit } from "unist-util-visit";
import type { VFile } from "vfile";
import { repository } from "./page-files";
import { pagePath } from "./page-path";

/**
 * Links as they stand in the repository's files lead to pages: `../packages/api/README.md#hooks` to `/packages/api#hooks`.
 * A link to code leads nowhere on a site, and becomes the path that it names.
 */
export function linkPages() {
  return (tree: Root, file: VFile) => {
    const directory = posix.dirname(relative(resolve(repository), file.path).split(sep).join("/"));
    visit(tree, "link", (link, index, parent) => {
      if (/^([a-z]+:|#|\/)/.test(link.url) || !parent || index === undefined) return;
      const [path = "", anchor] = link.url.split("#");
      const target = posix.join(directory, path);
      const page = target
        .replace(/\/$/, "")
        .replace(/^docs\/decisions$/, "docs/decisions/README.md");
      if (page.endsWith(".md"))
        link.url = `/docs/${pagePath(page)}${pagePath(page) && "/"}${anchor ? `#${anchor}` : ""}`;
      else parent.children.splice(index, 1, ...pathInstead(link, target));
    });
  };
}

function pathInstead(link: Link, target: string) {
  const [only] = link.children;
  const saysIt = link.children.length === 1 && only && "value" in only && only.value.includes("/");
  if (saysIt) return [{ type: "inlineCode" as const, value: target }];
  if (target.endsWith(".webp")) return link.children;
  const path = { type: "inlineCode" as const, value: target };
  return [...link.children, { type: "text" as const, value: ", " }, path];
}
