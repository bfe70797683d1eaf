"use client";

import { Check, Circle, CircleDashed } from "lucide-react";
import { cn } from "../../lib/cn";
import { AvatarField } from "../settings/avatar-field";
import { Button } from "../ui/button";
import { Section } from "../ui/section";
import { FirstInstrument } from "./first-instrument";
import { FirstJob } from "./first-job";
import { FirstRoom } from "./first-room";
import { type Ends, type StepName, stepNames } from "./first-steps-ends";
import { useFirstSteps } from "./use-first-steps";

interface Step {
  title: string;
  text: string;
}

const texts: Record<StepName, Step> = {
  picture: {
    title: "A picture of yourself",
    text: "A small private file: it belongs to your account, and goes when you change it.",
  },
  instrument: {
    title: "An instrument",
    text: "Photographs and clips in the order you like, on a page of its own once you publish it.",
  },
  room: {
    title: "An invitation to Piano Mirror",
    text: "A room for two, and a link that lets one guest in. Open it on your phone, or send it.",
  },
  job: {
    title: "A job, run by hand",
    text: "Jobs run by themselves, and whenever you say so. Each run keeps what it logged.",
  },
};

/** Leads a first admin through what this is, each step by doing it. Gone once all are done or skipped. */
export function FirstSteps({ told }: { told: Ends }) {
  const { steps, current, end, hold } = useFirstSteps(told);
  if (!current) return null;
  const ended = steps.filter((step) => step.end).length;
  return (
    <Section
      title="First steps"
      className="mb-7 rounded-md border border-border-strong bg-card px-5 pt-4 pb-1.5"
      aside={
        <>
          <span className="tabular-nums">
            {ended} of {steps.length}
          </span>
          <Button size="sm" variant="quiet" onClick={() => end(stepNames, "skipped")}>
            Skip all
          </Button>
        </>
      }
    >
      <ol>
        {steps.map(({ name, end: how }) => {
          const open = name === current;
          const Icon = how === "done" ? Check : how === "skipped" ? CircleDashed : Circle;
          return (
            <li
              key={name}
              className="border-b py-3 last:border-b-0"
              aria-current={open ? "step" : undefined}
            >
              <div className="flex items-center gap-3 text-sm">
                <Icon
                  aria-hidden="true"
                  className={cn(
                    "size-4",
                    how === "done" ? "text-success" : "text-muted-foreground",
                  )}
                />
                <h3 className={cn("flex-1", open ? "font-semibold" : "text-muted-foreground")}>
                  {texts[name].title}
                  {how && <span className="sr-only">, {how}</span>}
                </h3>
                {open && (
                  <Button size="sm" variant="quiet" onClick={() => end([name], "skipped")}>
                    Skip
                  </Button>
                )}
              </div>
              {open && (
                <div className="pt-1 pl-7 max-md:pl-0">
                  <p className="mb-3 max-w-[56ch] text-muted-foreground text-sm">
                    {texts[name].text}
                  </p>
                  <Act name={name} begun={() => hold(name)} done={() => end([name], "done")} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

interface ActProps {
  name: StepName;
  begun(): void;
  done(): void;
}

function Act({ name, ...act }: ActProps) {
  if (name === "picture") return <AvatarField />;
  if (name === "instrument") return <FirstInstrument done={act.done} />;
  if (name === "room") return <FirstRoom {...act} />;
  return <FirstJob {...act} />;
}
