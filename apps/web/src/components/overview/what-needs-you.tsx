"use client";

import { CircleX, Gauge, HardDrive, Unlink } from "lucide-react";
import { formatBytes, formatCount, plural } from "../../lib/format";
import { jobPath } from "../crons/job-path";
import { useMe } from "../shell/me";
import type { useSummary } from "../shell/use-summary";
import { useUsage } from "../shell/use-usage";
import { type Need, Needs } from "../ui/needs";

type Summary = NonNullable<ReturnType<typeof useSummary>["data"]>;

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
  return <Needs needs={needs} className={className} />;
}

function storeNeed({ title, body }: Summary["storeNeeds"][number]): Need {
  return {
    key: title,
    icon: HardDrive,
    colour: "text-warning",
    title,
    body,
    act: { href: "/media#bucket-and-rows", label: "See bucket and rows" },
  };
}

function failingJob({ name, failures, error }: Summary["failingJobs"][number]): Need {
  return {
    key: name,
    icon: CircleX,
    colour: "text-destructive",
    title: `“${name}” failed ${formatCount(failures)} times in a row`,
    body: error ?? "It gave no reason.",
    act: { href: jobPath(name), label: "Open the run" },
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
    act: { href, label: `Look through ${name.toLowerCase()}` },
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
    act: {
      href: `/files?state=unattached${everybodys ? "&owner=all" : ""}`,
      label: "See unattached",
    },
  };
}
