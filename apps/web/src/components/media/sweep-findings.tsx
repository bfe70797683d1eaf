"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { lazy, Suspense } from "react";
import { formatBytes, plural } from "../../lib/format";
import { useNow } from "../../lib/use-now";
import { useIsOperator } from "../shell/me";
import { FailureNote } from "../ui/failure";
import { PageLink } from "../ui/page-link";
import { Section } from "../ui/section";
import { StateLabel } from "../ui/state-label";
import { Time } from "../ui/time";

const StrayDecision = lazy(async () => ({
  default: (await import("./stray-decision")).StrayDecision,
}));

interface Finding {
  name: string;
  tone: "ok" | "warn" | "off";
  text: string;
  at?: string;
}

/** Whether bucket and rows agree, by the jobs that look. */
export function SweepFindings({ className }: { className?: string }) {
  const now = useNow();
  const { data, error } = useFindings();
  const commandLine = useIsOperator() ? "npx fermata" : "npm run fermata --";
  return (
    <Section
      title="Bucket and rows"
      className={className}
      aside={
        <PageLink href="/crons" className="link">
          Jobs
        </PageLink>
      }
    >
      {error && <FailureNote error={error} />}
      {data && data.strays.undecided > 0 && (
        <Suspense>
          <StrayDecision strays={data.strays} />
        </Suspense>
      )}
      <ul>
        {data &&
          describe(data, commandLine).map(({ name, tone, text, at }) => (
            <li key={name} className="border-b py-2.5 text-sm">
              <div className="flex items-baseline justify-between gap-3">
                <StateLabel
                  tone={tone}
                  icon={{ ok: CircleCheck, warn: CircleAlert, off: CircleDashed }[tone]}
                  className="text-foreground"
                >
                  {name}
                </StateLabel>
                {at && (
                  <span className="text-muted-foreground text-xs">
                    <Time at={at} now={now} />
                  </span>
                )}
              </div>
              <p className="mt-0.5 pl-5 text-muted-foreground text-xs tabular-nums">{text}</p>
            </li>
          ))}
      </ul>
    </Section>
  );
}

type Findings = NonNullable<ReturnType<typeof useFindings>["data"]>;

function useFindings() {
  const trpc = useTRPC();
  return useQuery(trpc.storage.findings.queryOptions());
}

function describe(findings: Findings, commandLine: string): Finding[] {
  const { check, outbox, failedProcessing, owner } = findings;
  return [
    ...(owner
      ? [
          {
            name: "Whose store it is",
            tone: owner.problem ? ("warn" as const) : ("ok" as const),
            at: owner.checkedAt,
            text: owner.problem
              ? `${owner.problem.finding} ${owner.problem.remedy}`
              : "This installation’s, as its mark says.",
          },
        ]
      : []),
    describeSweep(findings, commandLine),
    check
      ? {
          name: "Rows without objects",
          tone: check.missing > 0 ? "warn" : "ok",
          at: check.at,
          text:
            check.missing === 0
              ? `None among ${plural(check.seen, "object")}.`
              : `${plural(check.missing, "row")} without bytes, ${formatBytes(check.bytes)}. The job’s log names them.`,
        }
      : { name: "Rows without objects", tone: "off", text: "Looked for on Sundays at 05:00 UTC." },
    {
      name: "Bytes to delete",
      tone: outbox.refused > 0 ? "warn" : "ok",
      text:
        outbox.waiting === 0
          ? "Nothing waits."
          : outbox.refused > 0
            ? `${plural(outbox.waiting, "object")}, ${formatBytes(outbox.bytes)}. The store refused ${outbox.refused}: ${outbox.lastError}`
            : `${plural(outbox.waiting, "object")}, ${formatBytes(outbox.bytes)}, each when it is due.`,
    },
    {
      name: "Media that could not be processed",
      tone: failedProcessing > 0 ? "warn" : "ok",
      text: failedProcessing === 0 ? "None." : `${failedProcessing}. Their originals are intact.`,
    },
  ];
}

function describeSweep({ sweep, strays }: Findings, commandLine: string): Finding {
  const name = "Objects without rows";
  if (!sweep) return { name, tone: "off", text: "Looked for every day at 04:00 UTC." };
  const { at } = sweep;
  if (sweep.refused) return { name, tone: "warn", at, text: "Not looked for: nothing was swept." };
  const deleted =
    sweep.orphans > 0
      ? `${plural(sweep.orphans, "object")}, ${formatBytes(sweep.bytes)}, handed to deletion. `
      : "";
  if (strays.count === 0) {
    return { name, tone: "ok", at, text: deleted || `None among ${plural(sweep.seen, "object")}.` };
  }
  return {
    name,
    tone: strays.undecided > 0 ? "warn" : "ok",
    at,
    text: `${deleted}${plural(strays.count, "object")}, ${formatBytes(strays.bytes)}, kept for now. \`${commandLine} storage sweep\` names them.`,
  };
}
