"use client";

import { limits } from "@fermata/contract";
import { ChevronDown, Clapperboard, Files, Upload } from "lucide-react";
import { formatClock, formatLongDay, greetingAt } from "../../lib/dates";
import { formatBytes, formatCount, plural, splitBytes } from "../../lib/format";
import { useZone } from "../../lib/use-made-for";
import { useNow } from "../../lib/use-now";
import { useMe } from "../shell/me";
import { useSummary } from "../shell/use-summary";
import { Button } from "../ui/button";
import { Failure } from "../ui/failure";
import { type Figure, Figures } from "../ui/figures";
import { Menu, MenuItem } from "../ui/menu";
import { ActionText, Page } from "../ui/page";
import { PageLink } from "../ui/page-link";
import { Section } from "../ui/section";
import { Bone, Loading } from "../ui/skeleton";
import { StaleNote } from "../ui/stale-note";
import { useChooseFiles } from "../uploads/upload-target";
import { CronHealth } from "./cron-health";
import { DemoNote } from "./demo-note";
import { FirstSteps } from "./first-steps";
import type { Ends } from "./first-steps-ends";
import { LiveRooms } from "./live-rooms";
import { StorageBars } from "./storage-bars";
import { UploadsChart } from "./uploads-chart";
import { WhatNeedsYou } from "./what-needs-you";

type Summary = NonNullable<ReturnType<typeof useSummary>["data"]>;

/** @param firstSteps which of the first steps are over, as the page's cookie told */
export function OverviewPage({ firstSteps }: { firstSteps: Ends }) {
  const me = useMe();
  const now = useNow();
  const zone = useZone();
  const summary = useSummary();
  const firstName = me.name?.split(/\s+/)[0];
  return (
    <Page
      title={`${greetingAt(now, zone)}${firstName ? `, ${firstName}` : ""}`}
      sub={`${formatLongDay(now, zone)}, ${formatClock(now, zone)}`}
      actions={<UploadMenu />}
    >
      {summary.isRefetchError && (
        <StaleNote
          error={summary.error}
          dataUpdatedAt={summary.dataUpdatedAt}
          retry={() => void summary.refetch()}
        />
      )}
      {summary.isPending && <OverviewSkeleton />}
      {summary.isLoadingError && (
        <Failure
          error={summary.error}
          retry={() => void summary.refetch()}
          retrying={summary.isFetching}
        />
      )}
      {summary.data && (
        <Content summary={summary.data} admin={me.role === "admin"} firstSteps={firstSteps} />
      )}
    </Page>
  );
}

interface ContentProps {
  summary: Summary;
  admin: boolean;
  firstSteps: Ends;
}

function Content({ summary, admin, firstSteps }: ContentProps) {
  return (
    <>
      {summary.demo && <DemoNote demo={summary.demo} />}
      <FirstSteps told={firstSteps} />
      <Figures figures={figuresOf(summary, admin)} />
      <div className="grid grid-cols-[minmax(0,1fr)_340px] gap-x-12 gap-y-7 pt-[26px] max-lg:flex max-lg:flex-col">
        <div className="min-w-0">
          <Section
            title="Uploads per day"
            ruled={false}
            aside={
              <>
                <Swatch className="bg-chart-1">Files</Swatch>
                <Swatch className="bg-chart-2">Media</Swatch>
              </>
            }
          >
            <UploadsChart days={summary.uploadsPerDay} />
          </Section>
          <div className="mt-[26px] grid grid-cols-2 gap-10 max-md:grid-cols-1 max-md:gap-6">
            <Section title="Your storage" ruled={false}>
              <StorageBars />
            </Section>
            <Section
              title="Live rooms"
              ruled={false}
              aside={
                <PageLink href="/rooms" className="link">
                  All rooms
                </PageLink>
              }
            >
              <LiveRooms />
            </Section>
          </div>
        </div>
        <aside className="min-w-0 max-lg:contents">
          <WhatNeedsYou summary={summary} className="max-lg:-order-1" />
          {admin && <CronHealth className="mt-4 max-lg:mt-0" />}
        </aside>
      </div>
    </>
  );
}

function figuresOf(summary: Summary, admin: boolean): Figure[] {
  const { storage, uploadsToday, cronRuns24h: runs } = summary;
  const used = splitBytes(storage.filesBytes + storage.mediaBytes);
  const reservedBytes = storage.filesReservedBytes + storage.mediaReservedBytes;
  const none = summary.livePeers === 0;
  return [
    {
      label: "Storage used",
      ...used,
      note: [
        plural(storage.files, "file"),
        `${formatCount(storage.media)} media${admin ? ", by everybody" : ""}`,
        reservedBytes > 0 && `${formatBytes(reservedBytes)} reserved by uploads`,
      ]
        .filter(Boolean)
        .join(", "),
    },
    {
      label: "Uploads today",
      value: formatCount(uploadsToday.count),
      note:
        uploadsToday.count > 0
          ? `${formatBytes(uploadsToday.bytes)}, days are UTC`
          : "none yet, days are UTC",
    },
    ...(runs
      ? [
          {
            label: "Cron runs, 24 h",
            value: formatCount(runs.succeeded + runs.failed + runs.skipped + runs.lost),
            note: [
              `${runs.succeeded} ok`,
              runs.failed > 0 && `${runs.failed} failed`,
              runs.skipped > 0 && `${runs.skipped} skipped`,
              runs.lost > 0 && `${runs.lost} lost`,
            ]
              .filter(Boolean)
              .join(", "),
          },
        ]
      : []),
    {
      label: "Live rooms",
      value: formatCount(summary.liveRooms),
      note: none ? "nobody is in one" : `${plural(summary.livePeers, "peer")} in them`,
    },
  ];
}

function Swatch({ className, children }: { className: string; children: string }) {
  return (
    <span className="flex items-center gap-[5px]">
      <i className={`size-2 ${className}`} />
      {children}
    </span>
  );
}

function UploadMenu() {
  const choose = useChooseFiles();
  return (
    <Menu
      trigger={
        <Button variant="primary" aria-label="Upload">
          <Upload />
          <ActionText>Upload</ActionText>
          <ChevronDown className="size-3.5! max-md:hidden" />
        </Button>
      }
    >
      <MenuItem icon={Files} onSelect={() => choose({ kind: "file" })}>
        Private files, up to {formatBytes(limits.files.maxBytes)}
      </MenuItem>
      <MenuItem
        icon={Clapperboard}
        onSelect={() => choose({ kind: "media", options: { visibility: "public" } })}
      >
        Photos and clips, public
      </MenuItem>
    </Menu>
  );
}

function OverviewSkeleton() {
  return (
    <Loading label="Loading the overview">
      <div className="grid grid-cols-2 border-y md:grid-cols-4">
        {["a", "b", "c", "d"].map((figure) => (
          <div key={figure} className="py-4">
            <Bone className="w-20" />
            <Bone className="mt-3 h-6 w-16" />
            <Bone className="mt-3 w-28" />
          </div>
        ))}
      </div>
      <Bone className="mt-8 h-[240px]" />
    </Loading>
  );
}
