// `npm run storm -- --seed N --minutes M`: an installation of its own in bad weather, and whether all of it held.
import { build, install, pnpm, requireNode } from "./workspace.mjs";

requireNode();
await install();
await build({ all: true });
await pnpm(["--filter", "@fermata/e2e", "run", "storm", ...process.argv.slice(2)]).catch(() =>
  process.exit(1),
);
