import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../ground/errors";
import { isCode } from "./is-code";
import { type PartName, partFile } from "./part-file";

/** A body begins elsewhere than what is kept of its part ends. */
export class OtherOffset extends AppError {
  constructor(readonly bytes: number) {
    super("CONFLICT", { reason: "another number of bytes is kept", bytes });
  }
}

/** @returns how many bytes are kept of a part whose connection was cut */
export async function keptBytes(dir: string, part: PartName): Promise<number> {
  try {
    return (await stat(keptPath(dir, part))).size;
  } catch (error) {
    if (isCode(error, "ENOENT")) return 0;
    throw error;
  }
}

/**
 * Takes what is kept for a draft of one's own: whoever comes second finds nothing, so that no two write to one file.
 * @throws OtherOffset, with nothing taken, where another number of bytes is kept
 */
export async function takeKept(
  dir: string,
  part: PartName,
  draft: string,
  bytes: number,
): Promise<void> {
  const kept = await keptBytes(dir, part);
  if (kept !== bytes) throw new OtherOffset(kept);
  if (bytes === 0) return;
  try {
    await rename(keptPath(dir, part), draft);
  } catch (error) {
    if (isCode(error, "ENOENT")) throw new OtherOffset(0);
    throw error;
  }
  // Another one may have gone on with it and kept more meanwhile.
  const taken = (await stat(draft)).size;
  if (taken === bytes) return;
  await rename(draft, keptPath(dir, part));
  throw new OtherOffset(taken);
}

/** Keeps a draft, one of each part and none of a part that is there: so no more is kept than the upload may hold. */
export async function keepDraft(dir: string, part: PartName, draft: string): Promise<void> {
  const others = (await readdir(dir)).filter((name) => isOf(part, name));
  if (others.some((name) => name.startsWith("part-"))) return rm(draft, { force: true });
  await rename(draft, keptPath(dir, part));
  await removeAll(dir, others, keptFile(part));
}

/** Of a part that is sent again with other bytes, the last counts, and no byte is kept that no quota counts. */
export async function dropFormer(dir: string, part: PartName): Promise<void> {
  const all = (await readdir(dir)).filter((name) => isOf(part, name));
  await removeAll(dir, all, partFile(part));
}

async function removeAll(dir: string, names: string[], but: string): Promise<void> {
  for (const name of names) if (name !== but) await rm(join(dir, name), { force: true });
}

function isOf({ partNumber }: PartName, name: string): boolean {
  return name.startsWith(`part-${partNumber}-`) || name.startsWith(`kept-${partNumber}-`);
}

function keptFile({ partNumber, checksum }: PartName): string {
  return `kept-${partNumber}-${checksum}`;
}

function keptPath(dir: string, part: PartName): string {
  return join(dir, keptFile(part));
}
