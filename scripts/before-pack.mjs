// Before a package is packed or published: what npm makes of a folder of this workspace would not work, since only pnpm
// puts in the entries and versions that are published.
import { existsSync } from "node:fs";

const { npm_config_user_agent: agent = "", npm_package_name: name = "this package" } = process.env;
const buildsItself = /\/(server|console)$/.test(name);

if (!agent.startsWith("pnpm/")) {
  refuse(
    `${name} is packed by pnpm alone: \`pnpm publish\`, or \`pnpm pack\` to look at it first.`,
  );
}
// The scripts of these see to it.
if (!buildsItself && !existsSync("dist/index.d.ts")) {
  refuse(`${name} is not built yet: run \`npm run build\` in the repository's root, then pack it.`);
}

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
