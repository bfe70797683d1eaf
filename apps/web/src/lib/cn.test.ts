import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { extendTailwindMerge } from "tailwind-merge";
import { describe, expect, test } from "vitest";
import { cn } from "./cn";

// tailwind-merge with its own table of all of Tailwind, and the names of our theme.
const mergeByAll = extendTailwindMerge({
  extend: {
    theme: {
      text: ["2xs"],
      shadow: ["control", "overlay", "tray"],
      "font-weight": ["book"],
    },
  },
});

/** The classes of our components without their conditions, one for all that differ by a number alone. */
function classesInUse(): string[] {
  const components = fileURLToPath(new URL("../components/", import.meta.url));
  const text = readdirSync(components, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => readFileSync(components + name, "utf8"))
    .join("\n");
  const words = [...text.matchAll(/"([^"\n]*)"/g)].flatMap(([, words = ""]) => words.split(" "));
  const classes = words
    .map((word) => word.replace(/^([^:[\]]+:|\[[^\]]*\]:)+/, "").replace(/!$/, ""))
    // What tailwind-merge takes for a class replaces itself.
    .filter((name) => name && !noClasses.test(name) && mergeByAll(`${name} ${name}`) === name);
  const alike = (name: string) => name.replace(/[\d.]+/g, "0").replace(/\[.*fr.*\]/, "[fr]");
  return [...new Map(classes.map((name) => [alike(name), name])).values()];
}

/** Names of other things, what never meets another of its kind, and the marks of containers. */
const noClasses = /^(font-(src|weight)$|border-(spacing|separate)|@container)/;

describe("cn", () => {
  test("the later of two that contradict each other wins", () => {
    expect(cn("px-2 text-sm", false, "px-4")).toBe("text-sm px-4");
    expect(cn("size-7 max-md:size-10", "size-11")).toBe("max-md:size-10 size-11");
    expect(cn("border border-border-strong", "border-primary")).toBe("border border-primary");
  });

  test("decides between any two classes of ours as the table of all of Tailwind does", () => {
    const classes = classesInUse();
    expect(classes.length).toBeGreaterThan(200);
    const differences: string[] = [];
    for (const first of classes) {
      for (const second of classes) {
        const pair = `${first} ${second}`;
        if (first !== second && cn(pair) !== mergeByAll(pair)) differences.push(pair);
      }
    }
    expect(differences).toEqual([]);
  }, 30_000);
});
