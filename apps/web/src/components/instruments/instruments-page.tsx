"use client";

import { Piano, Plus } from "lucide-react";
import { useState } from "react";
import { plural } from "../../lib/format";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { ActionText, Page } from "../ui/page";
import { PageLink } from "../ui/page-link";
import { Bone, Loading } from "../ui/skeleton";
import { NewInstrumentDialog } from "./new-instrument-dialog";
import { Picture } from "./public/picture";
import { PublishedLabel } from "./published-label";
import { useInstruments } from "./use-instruments";

export function InstrumentsPage() {
  const { list, rows } = useInstruments();
  const [making, setMaking] = useState(false);
  return (
    <Page
      title="Instruments"
      sub="Each has a page of its own that you show to others when it is ready."
      actions={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus />
          <ActionText>New instrument</ActionText>
        </Button>
      }
    >
      {list.isPending && (
        <Loading label="Loading instruments">
          <Bone className="h-24" />
          <Bone className="mt-4 h-24" />
        </Loading>
      )}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data && rows.length === 0 && (
        <EmptyState
          icon={<Piano />}
          title="No instrument yet"
          action={
            <Button variant="primary" onClick={() => setMaking(true)}>
              <Plus />
              New instrument
            </Button>
          }
        >
          Give it a name, add its photos and clips, then publish its page. Until then only you see
          it.
        </EmptyState>
      )}
      {rows.length > 0 && (
        <ul className="border-t border-t-foreground">
          {rows.map((row) => (
            <li
              key={row.instrumentId}
              className="relative grid grid-cols-[132px_minmax(0,1fr)_auto] items-center gap-x-5 border-b py-3 hover:bg-muted max-md:grid-cols-[88px_minmax(0,1fr)] max-md:gap-x-3.5"
            >
              <span className="grid aspect-[4/3] place-items-center overflow-hidden rounded-md bg-secondary text-muted-foreground">
                {row.cover ? (
                  <Picture
                    picture={row.cover}
                    alt=""
                    sizes="132px"
                    className="size-full object-cover"
                  />
                ) : (
                  <Piano aria-hidden="true" className="size-6" />
                )}
              </span>
              <span className="min-w-0">
                <PageLink
                  href={`/instruments/edit/${row.instrumentId}`}
                  className="font-display text-xl tracking-[-0.005em] after:absolute after:inset-0"
                >
                  {row.name}
                </PageLink>
                <span className="line-clamp-2 text-muted-foreground text-sm">
                  {[row.maker, row.year].filter(Boolean).join(", ") || "Nothing said of it yet"}
                </span>
                <span className="mt-0.5 block text-muted-foreground text-xs tabular-nums">
                  {plural(row.photoCount, "photo")}, {plural(row.clipCount, "clip")}
                </span>
              </span>
              <span className="pr-3 max-md:col-start-2 max-md:pt-1.5">
                <PublishedLabel publishedAt={row.publishedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <MoreButton list={list} />
      <NewInstrumentDialog open={making} onOpenChange={setMaking} />
    </Page>
  );
}
