import { limits } from "@fermata/contract";
import { CircleCheck, Import, Timer, Unlink } from "lucide-react";
import { StateLabel } from "../ui/state-label";
import type { FileRow } from "./use-files";

/** From here on the coming purge is worth a look. */
const soonMs = 6 * 3_600_000;

/** When a file that nothing refers to is purged; null when that hour has passed, since it was released later. */
export function purgeAt(file: FileRow, now: Date): Date | null {
  if (file.attachedTo) return null;
  const at = new Date(Date.parse(file.createdAt) + limits.files.unattachedSeconds * 1000);
  return at > now ? at : null;
}

export function FileState({ file, now }: { file: FileRow; now: Date }) {
  if (file.attachedTo?.relation === "import") {
    return (
      <StateLabel tone="off" icon={Import}>
        Imported
      </StateLabel>
    );
  }
  if (file.attachedTo) {
    return (
      <StateLabel tone="ok" icon={CircleCheck}>
        Attached
      </StateLabel>
    );
  }
  const leftMs = (purgeAt(file, now)?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
  if (leftMs < soonMs) {
    return (
      <StateLabel tone="warn" icon={Timer}>
        Purged in {Math.max(1, Math.round(leftMs / 3_600_000))} h
      </StateLabel>
    );
  }
  return (
    <StateLabel tone="off" icon={Unlink}>
      Unattached
    </StateLabel>
  );
}
