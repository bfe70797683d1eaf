import type { AppRouter } from "@fermata/api";
import { formatBytes, plural } from "@fermata/contract/format";
import type { inferProcedureOutput } from "@trpc/server";
import type { CommandContext } from "../command";

type Page = inferProcedureOutput<AppRouter["storage"]["recover"]>;

/** Takes in media that the store has and no row knows. @returns whether all of them are rows now */
export async function adoptUnknown(ctx: CommandContext): Promise<boolean> {
  const { fermata, json, print, progress } = ctx;
  const sum = { seen: 0, found: 0, adopted: 0 };
  let cursor: string | null = null;
  do {
    const page: Page = await fermata.trpc.storage.recover.mutate({
      limit: 100,
      cursor,
      adopt: true,
    });
    sum.seen += page.seen;
    sum.found += page.found.length;
    sum.adopted += page.found.filter(({ adopted }) => adopted).length;
    for (const found of page.found) print(json ? JSON.stringify(found) : describe(found));
    progress?.(`${plural(sum.seen, "object")} seen`);
    cursor = page.nextCursor;
  } while (cursor !== null);
  progress?.("");
  if (json) print(JSON.stringify(sum));
  else print(`${plural(sum.seen, "object")}: ${sum.found} without a row, ${sum.adopted} taken in.`);
  return sum.found === sum.adopted;
}

function describe({ bucket, key, filename, sizeBytes, adopted }: Page["found"][number]): string {
  return `${bucket}/${key} (${filename}, ${formatBytes(sizeBytes)})${adopted ? ": taken in" : ""}`;
}
