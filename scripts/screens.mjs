// `npm run screens -- --out DIR [--only NAME]`: every page in each theme and width as a picture, and what is amiss in it.
import { build, buildDocs, pnpm, requireNode } from "./workspace.mjs";

requireNode();
await buildDocs();
await build({ all: true });
await pnpm(["--filter", "@fermata/e2e", "run", "screens", ...process.argv.slice(2)]).catch(() =>
  process.exit(1),
);
