import type { QueuedJob } from "@fermata/contract";
import { CircleCheck, CircleDashed, CircleMinus, CircleX, Hourglass, Unplug } from "lucide-react";
import { formatDuration } from "../../lib/format";
import { StateLabel } from "../ui/state-label";

const looks = {
  running: { tone: "warn", icon: CircleDashed, word: "Running" },
  succeeded: { tone: "ok", icon: CircleCheck, word: "Ok" },
  failed: { tone: "bad", icon: CircleX, word: "Failed" },
  cancelled: { tone: "off", icon: CircleMinus, word: "Taken back" },
  lost: { tone: "bad", icon: Unplug, word: "Lost" },
} as const;

/** How far a job is that was asked for; of one that is through how long it took. */
export function QueuedState({ job, now }: { job: QueuedJob; now: Date }) {
  if (job.status === "queued")
    return (
      <StateLabel tone="off" icon={Hourglass}>
        {waitInWords(job, now)}
      </StateLabel>
    );
  const { tone, icon, word } = looks[job.status];
  const took =
    job.status === "succeeded" && job.startedAt && job.finishedAt
      ? `, ${formatDuration(Date.parse(job.finishedAt) - Date.parse(job.startedAt))}`
      : "";
  return (
    <StateLabel tone={tone} icon={icon}>
      {word}
      {took}
    </StateLabel>
  );
}

function waitInWords({ error, attempts, startedAt, runAt }: QueuedJob, now: Date): string {
  if (attempts === null) return "No code for it here";
  if (error !== null) return "To be tried again";
  if (startedAt !== null) return "Sleeps";
  return Date.parse(runAt) > now.getTime() ? "Waits for its time" : "Due";
}
