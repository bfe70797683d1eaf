import type { CronRun } from "@fermata/contract";
import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleX,
  type LucideIcon,
  Unplug,
} from "lucide-react";
import type { ComponentProps } from "react";
import { formatDuration } from "../../lib/format";
import { StateLabel } from "../ui/state-label";

interface Look {
  tone: ComponentProps<typeof StateLabel>["tone"];
  icon: LucideIcon;
  word: string;
}

const looks: Record<CronRun["status"], Look> = {
  succeeded: { tone: "ok", icon: CircleCheck, word: "Ok" },
  failed: { tone: "bad", icon: CircleX, word: "Failed" },
  skipped: { tone: "off", icon: CircleMinus, word: "Skipped" },
  lost: { tone: "bad", icon: Unplug, word: "Lost" },
  running: { tone: "warn", icon: CircleDashed, word: "Running" },
};

export function durationOf({ startedAt, finishedAt }: CronRun): number | null {
  return finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);
}

/** How a run ended; in a row with how long it took. */
export function RunState({ run, short = false }: { run: CronRun; short?: boolean }) {
  const { tone, icon, word } = looks[run.status];
  const duration = durationOf(run);
  const took = duration !== null && run.status !== "skipped" ? formatDuration(duration) : null;
  return (
    <StateLabel tone={tone} icon={icon}>
      {short || !took
        ? word
        : run.status === "failed"
          ? `Failed after ${took}`
          : `${word}, ${took}`}
    </StateLabel>
  );
}
