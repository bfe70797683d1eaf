import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, importing, insert, make } from "./changes.mjs";
import { capital, kebab, pascal, spoken } from "./names.mjs";

const web = "apps/web/src";
const navigation = `${web}/lib/navigation.ts`;

/** A page of the console: its route, its component, its place in the sidebar, and its line in what looks at every page. */
export function newPage(name, { root }) {
  if (!/^[a-z][A-Za-z-]*$/.test(name)) fail(`${name}: say a name, such as notes`);
  const [path, label, component] = [kebab(name), capital(spoken(name)), `${pascal(name)}Page`];
  const key = freeKey(readFileSync(join(root, navigation), "utf8"), path);
  return {
    changes: [
      make(`${web}/app/(console)/(in-browser)/${path}/page.tsx`, routeText(path, label, component)),
      make(`${web}/components/${path}/${path}-page.tsx`, componentText(label, component)),
      importing(navigation, "Shapes", "lucide-react"),
      insert(navigation, {
        before: '  { href: "/health"',
        line: `  { href: "/${path}", label: "${label}", icon: Shapes, key: "${key}", studioOnly: true },\n`,
      }),
      insert("e2e/src/accessibility.test.ts", {
        before: '["/audit", "Audit"],',
        line: `["/${path}", "${label}"],\n        `,
      }),
      insert("e2e/src/security/pages.test.ts", {
        before: '"/audit", "/health"',
        line: `"/${path}", `,
      }),
      insert("e2e/src/screens/pages.ts", {
        before: 'signedIn("audit", "/audit"),',
        line: `signedIn("${path}", "/${path}"),\n  `,
      }),
    ],
    next: [
      "Choose its icon, and whether it is for admins alone, in lib/navigation.ts.",
      `npm run screens -- --out DIR --only ${path}`,
    ],
  };
}

/** What is pressed after G: the first letter of the name that leads nowhere yet. */
function freeKey(text, name) {
  const taken = new Set([...text.matchAll(/key: "(.)"/g)].map(([, key]) => key));
  const free = [...name, ..."abcdefghijklmnopqrstuvwxyz"].find(
    (letter) => /[a-z]/.test(letter) && !taken.has(letter),
  );
  return free ?? fail("every letter leads to a page");
}

const routeText = (path, label, component) => `import type { Metadata } from "next";
import { ${component} } from "../../../../components/${path}/${path}-page";

export const metadata: Metadata = { title: "${label}" };

export default function Page() {
  return <${component} />;
}
`;

const componentText = (label, component) => `"use client";

import { Shapes } from "lucide-react";
import { EmptyState } from "../ui/empty-state";
import { Page } from "../ui/page";

export function ${component}() {
  return (
    <Page title="${label}" sub="What stands here.">
      <EmptyState icon={<Shapes />} title="Nothing yet">
        What belongs here, and how to start.
      </EmptyState>
    </Page>
  );
}
`;
