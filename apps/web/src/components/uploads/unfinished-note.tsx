"use client";

import { useTRPC, useUploadQueue } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { FileClock } from "lucide-react";
import Link from "next/link";
import { usePathname } from "../../lib/address";
import { plural } from "../../lib/format";

/** On every page but the one that lists them: uploads that a closed tab or another device left. */
export function UnfinishedNote() {
  const trpc = useTRPC();
  const queue = useUploadQueue();
  const unfinished = useQuery(trpc.storage.listUnfinished.queryOptions());
  const inHand = new Set(queue.items.map(({ key }) => key));
  const isOnMedia = usePathname() === "/media";
  const left = (unfinished.data?.items ?? []).filter(({ key }) => !inHand.has(key));
  if (isOnMedia || left.length === 0) return null;
  return (
    <section
      aria-label="Unfinished uploads"
      className="flex flex-none flex-wrap items-center gap-x-3 border-t bg-card py-[7px] pr-5 pl-10 text-sm max-lg:pl-7 max-md:pl-4"
    >
      <FileClock aria-hidden="true" className="size-4 text-muted-foreground" />
      <span className="min-w-0 flex-1 truncate">
        {left.length === 1
          ? `${left[0]?.filename} was not finished.`
          : `${plural(left.length, "upload")} were not finished.`}
      </span>
      <Link href="/media" className="link">
        Carry on in Media
      </Link>
    </section>
  );
}
