import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, CommandContext } from "../command";
import { openConvexArchive } from "./convex-archive";
import { describeImport, progressLine } from "./describe-import";
import { findDone } from "./find-done";
import { findLeftovers } from "./find-leftovers";
import { type ImportJob, importOne } from "./import-one";
import { createReport } from "./import-report";
import { writeMapping } from "./write-mapping";

/** Files on their way at once. */
const concurrency = 4;

export const importConvex: Command = {
  usage: "import-convex <export.zip>",
  summary: "Stores the files of a Convex export as yours; run it again to go on.",
  options: [
    ["--dry-run", "read and check everything, store nothing"],
    ["--source <name>", "where the ids come from, convex unless you say otherwise"],
    ["--mapping <file>", "write which id became which"],
  ],
  async run(ctx, [path = ""]) {
    const { flags } = ctx;
    const source = typeof flags.source === "string" && flags.source ? flags.source : "convex";
    const archive = await openConvexArchive(path);
    const dir = await mkdtemp(join(tmpdir(), "fermata-import-"));
    try {
      const { fermata } = ctx;
      const dryRun = flags.dryRun === true;
      const leftovers = await findLeftovers(fermata);
      const job = { fermata, archive, source, dir, dryRun, leftovers };
      const report = await importAll(ctx, job);
      if (typeof flags.mapping === "string" && flags.mapping && !job.dryRun) {
        await writeMapping(ctx.fermata, source, flags.mapping);
      }
      const told = { ...report, source, dryRun: job.dryRun, strayEntries: archive.strayEntries };
      if (ctx.json) ctx.print(JSON.stringify(told));
      else for (const line of describeImport(told)) ctx.print(line);
      return report.failed.length === 0;
    } finally {
      await archive.close();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function importAll(ctx: CommandContext, job: ImportJob) {
  const { files } = job.archive;
  const report = createReport(files);
  const tell = createTeller(ctx);
  const left = files[Symbol.iterator]();
  const done = await findDone(job.fermata, job.source, files);
  let failure: unknown = null;

  const work = async () => {
    for (const file of left) {
      if (failure) return;
      const before = done.get(file.sourceId);
      if (before) report.skip(before);
      else report.add(file, await importOne(job, file));
      tell(progressLine(report.snapshot(), ctx.width));
    }
  };
  await Promise.all(
    Array.from({ length: concurrency }, () =>
      work().catch((error: unknown) => {
        failure ??= error;
      }),
    ),
  );
  ctx.progress?.("");
  if (failure) {
    const { imported, alreadyThere, total } = report.snapshot();
    ctx.printError(
      `${imported.files + imported.media + alreadyThere} of ${total} files are here. Nothing is lost: run the same command again to go on.`,
    );
    throw failure;
  }
  return report.snapshot();
}

/** Where nobody watches, a line so often is enough. */
const quietMs = 5_000;

function createTeller({ progress, printError }: CommandContext): (line: string) => void {
  if (progress) return progress;
  let nextAt = Date.now() + quietMs;
  return (line) => {
    if (Date.now() < nextAt) return;
    nextAt = Date.now() + quietMs;
    printError(line);
  };
}
