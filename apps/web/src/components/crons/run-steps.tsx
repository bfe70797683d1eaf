import type { CronStep } from "@fermata/contract";
import { CircleCheck, CircleDashed, CircleX, Hourglass } from "lucide-react";
import { formatClockSeconds } from "../../lib/dates";
import { formatDuration } from "../../lib/format";
import { StateLabel } from "../ui/state-label";

/** The parts of a run that are not done again: which are through, and where it stands. */
export function RunSteps({ steps }: { steps: CronStep[] }) {
  return (
    <section aria-label="Steps" className="mt-2.5 rounded-sm border text-sm first:mt-0">
      <ol>
        {steps.map((step) => (
          <li
            key={step.name}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-t px-3 py-[7px] first:border-t-0"
          >
            <span className="min-w-0 truncate font-medium" title={step.name}>
              {step.name}
            </span>
            <StepState step={step} />
            {step.error !== null && (
              <span className="col-span-2 text-destructive text-xs [overflow-wrap:anywhere]">
                {step.error.split("\n")[0]}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepState({ step }: { step: CronStep }) {
  const again = step.attempt > 1 ? `, attempt ${step.attempt}` : "";
  if (step.finishedAt !== null) {
    const took = formatDuration(Date.parse(step.finishedAt) - Date.parse(step.startedAt));
    return (
      <StateLabel tone="ok" icon={CircleCheck}>
        {step.wakeAt === null ? took : `Slept ${took}`}
        {again}
      </StateLabel>
    );
  }
  if (step.error !== null)
    return (
      <StateLabel tone="bad" icon={CircleX}>
        Failed{again}
      </StateLabel>
    );
  if (step.wakeAt !== null)
    return (
      <StateLabel tone="warn" icon={Hourglass}>
        Sleeps until {formatClockSeconds(new Date(step.wakeAt))}
      </StateLabel>
    );
  return (
    <StateLabel tone="warn" icon={CircleDashed}>
      Running{again}
    </StateLabel>
  );
}
