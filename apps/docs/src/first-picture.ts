import type { Root } from "mdast";
import { EXIT, visit } from "unist-util-visit";

/** A page's first picture is in view when the page opens: it comes at once, the others when they are near. */
export function firstPictureAtOnce() {
  return (tree: Root) => {
    visit(tree, "image", (image) => {
      image.data = { hProperties: { loading: "eager", fetchpriority: "high" } };
      return EXIT;
    });
  };
}
