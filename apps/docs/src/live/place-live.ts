import type { Paragraph, Root } from "mdast";
import { visit } from "unist-util-visit";

export const liveNames = [
  "UploadButton",
  "FileImage",
  "UploadDropzone",
  "UploadQueue",
  "MediaImage",
  "MediaVideo",
  "PeerVideo",
  "FileDropzone",
] as const;
export type LiveName = (typeof liveNames)[number];

/** `<!-- live: UploadButton -->` is where that component is shown at work; who reads the file in the repository sees nothing. */
export function placeLive() {
  return (tree: Root) => {
    visit(tree, "html", ({ value }, index, parent) => {
      const [, name] = /^<!-- live: (\w+) -->$/.exec(value) ?? [];
      if (!name || !parent || index === undefined) return;
      if (!liveNames.some((known) => known === name))
        throw new Error(`There is no ${name} to show.`);
      const data = {
        hName: "div",
        hProperties: { className: ["not-content", "live"], "data-live": name },
      };
      parent.children[index] = { type: "paragraph", children: [], data } as Paragraph;
    });
  };
}
