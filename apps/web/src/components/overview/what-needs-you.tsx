"use client";

import { CircleCheck, CircleX, Gauge, HardDrive, type LucideIcon, Unlink } from "lucide-react";
import Link from "next/link";
import { formatBytes, formatCount, plural } from "../../lib/format";
import { jobPath } from "../crons/job-path";
import { useMe } from "../shell/me";
import type { useSummary } from "../shell/use-summary";
import { useUsage } from "../shell/use-usage";
import { Section } from "../ui/section";

type Summary = NonNullable<ReturnType<typeof useSummary>["data"]>;

interface Need {
  key: string;
  icon: LucideIcon;
  colour: string;
  title: string;
  body: string;
  href: string;
  act: string;
}

/** Storage is worth a look from this share on. */
const nearlyFull = 0.9;

export function WhatNeedsYou({ summary, className }: { summary: Summary; className?: string }) {
  const usage = useUsage();
  const me = useMe();
  const needs = [
    ...summary.storeNeeds.map(storeNeed),
    ...summary.failingJobs.map(failingJob),
    usage.files && fullStorage("Files", "/files", usage.files),
    usage.media && fullStorage("Media", "/media", usage.media),
    summary.unattachedFiles > 0 && unattached(summary.unattachedFiles, me.role === "admin"),
  ].filter((need): need is Need => Boolean(need));
  return (
    <Section
      title="What needs you"
      className={className}
      aside={needs.length > 0 && <span className="tabular-nums">{needs.length}</span>}
    >
      {needs.length === 0 && (
        <p className="flex items-center gap-2.5 py-3 text-muted-foreground text-sm">
          <CircleCheck aria-hidden="true" className="size-4 text-success" />
          Nothing. All is held.
        </p>
      )}
      <ul>
        {needs.map(({ key, icon: Icon, colour, title, body, href, act }) => (
          <li
            key={key}
            className="grid grid-cols-[18px_minmax(0,1fr)] gap-2.5 border-t pt-[11px] pb-3 first:border-t-0"
          >
            <Icon aria-hidden="true" className={`mt-[3px] size-4 ${colour}`} />
            <div className="min-w-0">
              <h3 className="font-[540] text-sm">{title}</h3>
              <p className="mt-px mb-[3px] line-clamp-3 text-muted-foreground text-xs [overflow-wrap:anywhere]">
                {body}
              </p>
              <Link href={href} className="link text-xs">
                {act}
              </Link>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function storeNeed({ title, body }: Summary["storeNeeds"][number]): Need {
  return {
    key: title,
    icon: HardDrive,
    colour: "text-warning",
    title,
    body,
    href: "/media#bucket-and-rows",
    act: "See bucket and rows",
  };
}

function failingJob({ name, failures, error }: Summary["failingJobs"][number]): Need {
  return {
    key: name,
    icon: CircleX,
    colour: "text-destructive",
    title: `“${name}” failed ${formatCount(failures)} times in a row`,
    body: error ?? "It gave no reason.",
    href: jobPath(name),
    act: "Open the run",
  };
}

function fullStorage(
  name: string,
  href: string,
  { usedBytes, quotaBytes }: { usedBytes: number; quotaBytes: number },
): Need | false {
  if (usedBytes < quotaBytes * nearlyFull) return false;
  return {
    key: href,
    icon: Gauge,
    colour: "text-warning",
    title: `${name} are ${Math.floor((usedBytes / quotaBytes) * 100)}% full`,
    body: `${formatBytes(usedBytes)} of ${formatBytes(quotaBytes)}. Uploads are refused when it is full; what is stored is safe.`,
    href,
    act: `Look through ${name.toLowerCase()}`,
  };
}

/** An admin's figure counts everybody's, and so does the list that it leads to. */
function unattached(count: number, everybodys: boolean): Need {
  return {
    key: "unattached",
    icon: Unlink,
    colour: "text-muted-foreground",
    title: `${plural(count, "file")} ${count === 1 ? "belongs" : "belong"} to nothing`,
    body: "Uploaded but not attached. Purged a day after the upload.",
    href: `/files?state=unattached${everybodys ? "&owner=all" : ""}`,
    act: "See unattached",
  };
}
