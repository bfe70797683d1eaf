// `npm run new -- procedure|job|owner|page NAME`: what a change of that kind brings along, as files that work and say what to write.
import { execFileSync } from "node:child_process";
import { write } from "./new/changes.mjs";
import { newJob } from "./new/job.mjs";
import { newOwner } from "./new/owner.mjs";
import { newPage } from "./new/page.mjs";
import { newProcedure } from "./new/procedure.mjs";
import { root } from "./workspace.mjs";

const kinds = {
  procedure: { make: newProcedure, usage: "notes.rename [--query]" },
  job: { make: newJob, usage: "notes.pruneDrafts" },
  owner: { make: newOwner, usage: "Instrument.certificateId" },
  page: { make: newPage, usage: "notes" },
};

const [kind, name, ...flags] = process.argv.slice(2);
const wanted = kinds[kind];
if (!wanted || !name) {
  for (const [one, { usage }] of Object.entries(kinds))
    console.error(`npm run new -- ${one} ${usage}`);
  process.exit(2);
}
try {
  const { changes, next } = wanted.make(name, { root, flags });
  const paths = write(root, changes);
  format(paths);
  for (const path of paths) console.log(path);
  console.log(["", ...next].join("\n"));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

function format(paths) {
  const code = paths.filter((path) => /\.tsx?$/.test(path));
  execFileSync("npx", ["biome", "check", "--write", ...code], { cwd: root, stdio: "ignore" });
}
