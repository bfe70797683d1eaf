import { open, rename, rm } from "node:fs/promises";
import type { Command, CommandContext } from "../command";
import { UsageError } from "../terminal";
import { describeProgress } from "./describe-progress";

const pageRows = 100;

export const mediaExport: Command = {
  usage: "media export",
  summary: "Every media row, one JSON object a line, to the standard output or into a file.",
  options: [["--out <file>", "write into this file"]],
  async run(ctx) {
    const { out } = ctx.flags;
    if (out === "") throw new UsageError("Which file? --out takes its name.");
    if (typeof out === "string") {
      const rows = await exportTo(ctx, out);
      ctx.printError(`${describeProgress(rows, null)} in ${out}`);
      return true;
    }
    for await (const lines of readPages(ctx)) for (const line of lines) ctx.print(line);
    return true;
  },
};

/** Under another name until it is whole, so that no half of an export is taken for one. */
async function exportTo(ctx: CommandContext, path: string): Promise<number> {
  const draft = `${path}.part`;
  const file = await open(draft, "w");
  let rows = 0;
  try {
    for await (const lines of readPages(ctx)) {
      if (lines.length > 0) await file.write(`${lines.join("\n")}\n`);
      rows += lines.length;
    }
    await file.sync();
    await file.close();
    await rename(draft, path);
    return rows;
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
}

async function* readPages({ fermata, progress }: CommandContext): AsyncGenerator<string[]> {
  let cursor: string | null = null;
  let total: number | null = null;
  let done = 0;
  do {
    const page: Awaited<ReturnType<typeof fermata.trpc.storage.export.query>> =
      await fermata.trpc.storage.export.query({ limit: pageRows, cursor });
    total ??= page.total;
    done += page.items.length;
    yield page.items.map((row) => JSON.stringify(row));
    progress?.(describeProgress(done, total));
    cursor = page.nextCursor;
  } while (cursor !== null);
  progress?.("");
}
