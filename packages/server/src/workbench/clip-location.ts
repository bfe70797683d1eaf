import { type BytePatch, patchesBetween } from "../bytes/byte-patches";
import { BenchRefusal } from "./bench-refusal";
import { blankBoxes, emptyFindings } from "./blank-boxes";

const headBytes = 16;
/** What a film's index may take; one of many hours takes a few. */
const indexLimitBytes = 64 * 1024 * 1024;
/** Films in fragments have thousands of boxes; places stand in the first ones. */
const mostBoxes = 1000;
/** Sound and pictures, and room for them: no words. */
const passedOver = new Set([
  "mdat",
  "moof",
  "mfra",
  "sidx",
  "free",
  "skip",
  "wide",
  "ftyp",
  "styp",
]);

/**
 * Where a film or recording of MP4's family says in which place it was made, and what to write there instead: as many
 * bytes, so that nothing in it moves. Its index is read, and no more.
 * @returns null where it says nothing of a place, or is no such container
 * @throws BenchRefusal UNSUPPORTED_MEDIA_TYPE when it cannot be told; what `read` throws
 */
export async function clipLocation({
  sizeBytes,
  read,
}: {
  sizeBytes: number;
  read: (start: number, end: number) => Promise<Uint8Array>;
}): Promise<BytePatch[] | null> {
  const patches: BytePatch[] = [];
  const findings = emptyFindings();
  let leftBytes = indexLimitBytes;
  for (let at = 0, count = 0; at + 8 <= sizeBytes && count < mostBoxes; count++) {
    const head = Buffer.from(await read(at, Math.min(at + headBytes, sizeBytes)));
    const type = head.toString("latin1", 4, 8);
    if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) break;
    const short = head.readUInt32BE(0);
    const long = short === 1 && head.length === headBytes ? Number(head.readBigUInt64BE(8)) : short;
    const end = long === 0 ? sizeBytes : Math.min(at + long, sizeBytes);
    if (end < at + 8) break;
    if (!passedOver.has(type)) {
      leftBytes -= end - at;
      if (leftBytes < 0) throw untellable();
      const box = Buffer.from(await read(at, end));
      const copy = Buffer.from(box);
      blankBoxes(copy, findings);
      patches.push(...patchesBetween(box, copy, at));
    }
    at = end;
  }
  for (const { start, end } of findings.samples) {
    const length = Math.min(end, sizeBytes) - start;
    if (length <= 0) continue;
    leftBytes -= length;
    if (leftBytes < 0) throw untellable();
    patches.push({ start, bytes: new Uint8Array(length) });
  }
  return findings.saysWhere ? patches : null;
}

function untellable(): BenchRefusal {
  const reason = "it is too long to be searched for the place where it was taken";
  return new BenchRefusal("UNSUPPORTED_MEDIA_TYPE", { reason });
}
