import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FermataErrorCode, toFermataError } from "@fermata/api";
import type { Command, CommandContext } from "../command";
import { type ArchivedFile, openConvexArchive } from "./convex-archive";
import { describeImport, progressLine } from "./describe-import";
import { findDone } from "./find-done";
import { findLeftovers } from "./find-leftovers";
import { type ImportJob, importOne } from "./import-one";
import { createReport } from "./import-report";
import { Patience } from "./patience";
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
  const patience = new Patience();
  const onTheirWay = new Set<Promise<unknown>>();
  let failure: unknown = null;

  const bring = async (file: ArchivedFile) => {
    const outcome = await importOne(job, file);
    report.add(file, outcome);
    failure ??= patience.hear(outcome);
  };
  const work = async () => {
    for (const file of left) {
      const before = done.get(file.sourceId);
      if (before) report.skip(before);
      else {
        const coming = bring(file)
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(() => onTheirWay.delete(coming));
        onTheirWay.add(coming);
        await coming;
      }
      // Those beside it tell whether the store is away, before another minute is spent on the next one.
      while (!failure && patience.isTried && onTheirWay.size > 0) await Promise.race(onTheirWay);
      if (failure) return;
      tell(progressLine(report.snapshot(), ctx.width));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  ctx.progress?.("");
  if (failure) {
    const { imported, alreadyThere, total } = report.snapshot();
    const here = `${imported.files + imported.media + alreadyThere} of ${total} files are here.`;
    ctx.printError(`${here} ${wayOn(toFermataError(failure).code)}`);
    throw failure;
  }
  return report.snapshot();
}

function wayOn(code: FermataErrorCode): string {
  const nothingLost = "Nothing is lost: run the same command again";
  switch (code) {
    case "QUOTA_EXCEEDED":
      return `There is no room for the others. ${nothingLost} to go on when there is.`;
    case "UPSTREAM_UNAVAILABLE":
    case "RATE_LIMITED":
      return `The store or the server takes nothing for now: it is away, overloaded or full. ${nothingLost} to go on when it is back.`;
    default:
      return `${nothingLost} to go on.`;
  }
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
