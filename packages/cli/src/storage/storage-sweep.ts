import type { AppRouter } from "@fermata/api";
import { formatBytes, plural } from "@fermata/contract/format";
import type { inferProcedureOutput } from "@trpc/server";
import type { Command, CommandContext } from "../command";
import { UsageError } from "../terminal";

type Page = inferProcedureOutput<AppRouter["storage"]["strays"]>;

export const storageSweep: Command = {
  usage: "storage sweep",
  summary: "Lists objects without a row, and takes your decision.",
  options: [
    ["--yes", "have them deleted"],
    ["--keep", "have them left alone"],
  ],
  async run(ctx) {
    const { fermata, json, print, flags } = ctx;
    if (flags.yes && flags.keep) throw new UsageError("Either --yes or --keep.");
    if (!flags.yes && !flags.keep) return list(ctx);
    const decision = flags.yes ? "delete" : "keep";
    const { count } = await fermata.trpc.storage.decideStrays.mutate({ decision });
    if (json) print(JSON.stringify({ decision, count }));
    else if (decision === "keep") print(`${plural(count, "object")} will be left alone.`);
    else {
      print(
        `${plural(count, "object")} will be deleted by the daily sweep, each a week after it was seen first.`,
      );
    }
    return true;
  },
};

async function list({ fermata, json, print }: CommandContext): Promise<boolean> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const page: Page = await fermata.trpc.storage.strays.query({ limit: 100, cursor });
    for (const stray of page.items) print(json ? JSON.stringify(stray) : describe(stray));
    count += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (!json) print(`${plural(count, "object")} without a row.`);
  return true;
}

function describe({
  bucket,
  key,
  sizeBytes,
  firstSeenAt,
  reason,
  decision,
}: Page["items"][number]) {
  const why = decision ?? reason ?? "undecided";
  return `${bucket}/${key}  ${formatBytes(sizeBytes)}  seen since ${firstSeenAt.slice(0, 10)}  ${why}`;
}
