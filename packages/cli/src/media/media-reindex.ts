import type { AppRouter } from "@fermata/api";
import { formatCount } from "@fermata/contract/format";
import type { inferProcedureOutput } from "@trpc/server";
import type { Command, CommandContext } from "../command";
import { adoptUnknown } from "./adopt-unknown";
import { describeProgress } from "./describe-progress";

type Finding = inferProcedureOutput<AppRouter["storage"]["reindex"]>["findings"][number];

interface Sum {
  seen: number;
  missing: number;
  differing: number;
  mended: number;
}

const pageRows = 100;
const sweepJob = "sweep orphaned bytes";

export const mediaReindex: Command = {
  usage: "media reindex",
  summary: "Compares every media row with the store.",
  options: [
    ["--mend", "rows take over what the store says"],
    ["--adopt", "media without a row become rows"],
  ],
  async run(ctx) {
    if (ctx.flags.adopt) return adoptUnknown(ctx);
    const { fermata, json, print, self } = ctx;
    const mend = ctx.flags.mend === true;
    const sum = await walk(ctx, mend);
    // The other way round, objects without a row, is that job's work: nobody else may delete bytes.
    const sweep = mend ? await fermata.trpc.crons.trigger.mutate({ name: sweepJob }) : null;
    if (json) print(JSON.stringify({ ...sum, ...(sweep && { sweepRunId: sweep.runId }) }));
    else
      for (const line of describe(sum, mend, sweep && `${self} crons show ${sweep.runId}`))
        print(line);
    return sum.missing + sum.differing === sum.mended;
  },
};

async function walk(
  { fermata, json, print, progress }: CommandContext,
  mend: boolean,
): Promise<Sum> {
  const sum: Sum = { seen: 0, missing: 0, differing: 0, mended: 0 };
  let cursor: string | null = null;
  let total: number | null = null;
  do {
    const page: inferProcedureOutput<AppRouter["storage"]["reindex"]> =
      await fermata.trpc.storage.reindex.mutate({ limit: pageRows, cursor, mend });
    total ??= page.total;
    sum.seen += page.seen;
    if (page.findings.length > 0) progress?.("");
    for (const finding of page.findings) {
      if (finding.problem === "missing") sum.missing++;
      else sum.differing++;
      if (finding.mended) sum.mended++;
      print(json ? JSON.stringify(finding) : describeFinding(finding));
    }
    progress?.(describeProgress(sum.seen, total));
    cursor = page.nextCursor;
  } while (cursor !== null);
  progress?.("");
  return sum;
}

function describeFinding({ key, bucket, filename, row, stored, mended }: Finding): string {
  const what = stored
    ? (["sizeBytes", "contentType", "etag"] as const)
        .filter((field) => row[field] !== stored[field])
        .map((field) => `${field} ${row[field]} in the row, ${stored[field]} in the store`)
        .join("; ")
    : "not in the store";
  return `${bucket}/${key} (${filename}): ${what}${mended ? "; mended" : ""}`;
}

function describe(sum: Sum, mend: boolean, showRun: string | null): string[] {
  const { seen, missing, differing, mended } = sum;
  const lines = [
    `${formatCount(seen)} ready rows: ${formatCount(missing)} without an object, ${formatCount(differing)} that differ, ${formatCount(mended)} mended.`,
  ];
  if (differing > 0 && !mend) lines.push("--mend lets rows take over what the store says.");
  if (missing > 0) {
    lines.push(
      "Rows without an object are left as they are: bring the bytes back, or delete the media.",
    );
  }
  if (showRun) {
    lines.push(`Objects without a row are swept by a run that has begun: ${showRun}`);
  }
  return lines;
}
