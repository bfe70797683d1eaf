"use client";

import { plural } from "../../lib/format";
import { describeUsage, type Usage } from "../../lib/usage";
import { useUsage } from "../shell/use-usage";
import { PageLink } from "../ui/page-link";

/** How much of their quota the signed-in user's files and media take. */
export function StorageBars() {
  const { files, media } = useUsage();
  return (
    <ul>
      {files && (
        <StorageBar
          href="/files"
          name="Files"
          fill="bg-chart-1"
          usage={files}
          count={plural(files.count, "file")}
        />
      )}
      {media && (
        <StorageBar
          href="/media"
          name="Media"
          fill="bg-chart-2"
          usage={media}
          count={plural(media.count, "item")}
        />
      )}
    </ul>
  );
}

interface StorageBarProps {
  href: string;
  name: string;
  fill: string;
  usage: Usage;
  count: string;
}

function StorageBar({ href, name, fill, usage, count }: StorageBarProps) {
  const { usedBytes, quotaBytes } = usage;
  return (
    <li className="grid h-[70px] content-center border-t text-sm">
      <div className="flex items-baseline justify-between gap-3">
        <PageLink href={href} className="font-[500] hover:underline">
          {name}
        </PageLink>
        <span className="text-muted-foreground text-xs">{count}</span>
      </div>
      <div aria-hidden="true" className="mt-1.5 h-1.5 overflow-hidden rounded-[3px] bg-secondary">
        <div
          className={`h-full ${fill}`}
          style={{ width: `${Math.min(100, (usedBytes / quotaBytes) * 100)}%` }}
        />
      </div>
      <div className="mt-1 text-muted-foreground text-xs tabular-nums">{describeUsage(usage)}</div>
    </li>
  );
}
