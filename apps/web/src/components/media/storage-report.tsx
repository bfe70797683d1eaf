"use client";

import { useTRPC } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { formatBytes, plural } from "../../lib/format";
import { useMe } from "../shell/me";
import { Section } from "../ui/section";
import { StorageMonths } from "./storage-months";
import { SweepFindings } from "./sweep-findings";

const names = { photos: "photo", clips: "clip", others: "other" } as const;

/** What the space is used for, how it grew, and, for admins, whether bucket and rows agree. */
export function StorageReport() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.storage.breakdown.queryOptions());
  const isAdmin = useMe().role === "admin";
  if (!data) return null;
  // An admin may have to decide about a store though nothing in it is theirs.
  if (data.kinds.every(({ count }) => count === 0)) {
    return isAdmin ? <SweepFindings className="mt-11" /> : null;
  }
  const { kinds, copies, pendingBytes, months } = data;
  return (
    <div className="mt-11 grid grid-cols-1 gap-x-12 gap-y-8 @min-[42rem]/page:grid-cols-[minmax(0,1fr)_340px]">
      <Section title="Storage by month">
        <StorageMonths months={months} />
        <ul className="mt-2 flex flex-wrap gap-x-6 gap-y-1 text-muted-foreground text-xs tabular-nums">
          {kinds
            .filter(({ count }) => count > 0)
            .map(({ kind, count, bytes }) => (
              <li key={kind}>
                <span className="text-foreground">{plural(count, names[kind])}</span>{" "}
                {formatBytes(bytes)}
              </li>
            ))}
          {pendingBytes > 0 && (
            <li>
              <span className="text-foreground">Reserved by uploads</span>{" "}
              {formatBytes(pendingBytes)}
            </li>
          )}
          {copies.count > 0 && (
            <li>
              <span className="text-foreground">
                {plural(copies.count, "smaller copy", "smaller copies")}
              </span>{" "}
              {formatBytes(copies.bytes)}, beside the quota
            </li>
          )}
        </ul>
      </Section>
      {isAdmin && <SweepFindings />}
    </div>
  );
}
