import type { Root } from "mdast";

/** A page's title is its first heading, and stands above the page already. */
export function dropTitle() {
  return (tree: Root) => {
    const title = tree.children.findIndex((node) => node.type === "heading" && node.depth === 1);
    if (title !== -1) tree.children.splice(title, 1);
  };
}
