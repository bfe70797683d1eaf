"use client";

import { Clapperboard, Search, Upload } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { plural } from "../../lib/format";
import { describeUsage } from "../../lib/usage";
import { useNow } from "../../lib/use-now";
import { useOpenItem } from "../../lib/use-open-item";
import { useIsOperator } from "../shell/me";
import { useUsage } from "../shell/use-usage";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { NobodyHasAny } from "../ui/nobody-has-any";
import { ActionText, Page } from "../ui/page";
import { SearchField } from "../ui/search-field";
import { StaleNote } from "../ui/stale-note";
import { Tabs } from "../ui/tabs";
import { type PageTarget, useUploadTarget } from "../uploads/upload-target";
import { type Grouping, GroupingChoice } from "./grouping-choice";
import { filterMedia, filterTabs, type MediaFilter } from "./media-filters";
import { MediaGrid } from "./media-grid";
import { instrumentSections, mediaSections } from "./media-sections";
import { MediaSkeleton } from "./media-skeleton";
import { MediaUploads } from "./media-uploads";
import { StorageReport } from "./storage-report";
import { useGridArrows } from "./use-grid-arrows";
import { useMedia } from "./use-media";
import { type Visibility, VisibilityChoice } from "./visibility-choice";

const MediaDrawer = lazy(async () => ({ default: (await import("./media-drawer")).MediaDrawer }));

const targets: Record<Visibility, PageTarget> = {
  public: { kind: "media", options: { visibility: "public" } },
  all: { kind: "media", options: { visibility: "public" }, isForEverything: true },
  private: { kind: "media", options: { visibility: "private" } },
};

export function MediaPage() {
  const now = useNow();
  const { list, rows } = useMedia();
  const usage = useUsage().media;
  const [visibility, setVisibility] = useState<Visibility>("public");
  const [grouping, setGrouping] = useState<Grouping>("date");
  const [filter, setFilter] = useState<MediaFilter>("all");
  const [search, setSearch] = useState("");
  const isOperator = useIsOperator();
  const choose = useUploadTarget(isOperator ? null : targets[visibility]);

  const shown = filterMedia(rows, filter, search);
  const sections =
    grouping === "instrument" ? instrumentSections(shown) : mediaSections(shown, now);
  const ids = [...new Set(sections.flatMap(({ items }) => items.map(({ key }) => key)))];
  const opened = useOpenItem(ids);
  useGridArrows({ ids, ...opened });
  const openRow = shown.find(({ key }) => key === ids[opened.index]);
  const showAll = () => {
    setSearch("");
    setFilter("all");
  };

  return (
    <Page
      title="Media"
      sub={
        isOperator
          ? "Everybody’s: what is public, and that the rest exists"
          : usage && `${plural(usage.count, "item")}, ${describeUsage(usage)}`
      }
      actions={
        !isOperator && (
          <>
            <GroupingChoice value={grouping} onChange={setGrouping} />
            <VisibilityChoice value={visibility} onChange={setVisibility} />
            <Button variant="primary" onClick={choose}>
              <Upload />
              <ActionText>Upload</ActionText>
            </Button>
          </>
        )
      }
    >
      {!isOperator && <MediaUploads />}
      {list.isPending && <MediaSkeleton />}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data &&
        rows.length === 0 &&
        (isOperator ? (
          <NobodyHasAny what="media" />
        ) : (
          <NothingYet choose={choose} visibility={visibility} />
        ))}
      {rows.length > 0 && (
        <>
          <Tabs<MediaFilter>
            label="Kind"
            value={filter}
            onChange={setFilter}
            tabs={filterTabs(rows)}
          />
          <SearchField
            className="mt-3.5"
            label={
              list.hasNextPage ? `Search the ${rows.length} names loaded so far` : "Search names"
            }
            value={search}
            onChange={setSearch}
          />
          {list.isRefetchError && (
            <StaleNote
              error={list.error}
              dataUpdatedAt={list.dataUpdatedAt}
              retry={() => void list.refetch()}
            />
          )}
          {shown.length === 0 && (
            <EmptyState
              className="mt-5"
              icon={<Search />}
              title={search ? `Nothing matches “${search}”` : "Nothing of this kind any more"}
              action={<Button onClick={showAll}>Show all media</Button>}
            >
              Names are compared, not what is to be seen.
            </EmptyState>
          )}
          <MediaGrid
            sections={sections}
            more={list.hasNextPage}
            openId={opened.openId}
            open={opened.open}
          />
          <MoreButton list={list} />
        </>
      )}
      <StorageReport />
      {openRow && (
        <Suspense>
          <MediaDrawer
            key={openRow.key}
            media={openRow}
            now={now}
            position={`${opened.index + 1} of ${shown.length}`}
            previous={opened.previous}
            next={opened.next}
            close={() => opened.open(null)}
          />
        </Suspense>
      )}
    </Page>
  );
}

function NothingYet({ choose, visibility }: { choose(): void; visibility: Visibility }) {
  return (
    <EmptyState
      icon={<Clapperboard />}
      title="No photo or clip yet"
      action={
        <Button variant="primary" onClick={choose}>
          <Upload />
          Upload
        </Button>
      }
    >
      Drop HD photos and video clips anywhere on this page, or upload from your React app.{" "}
      {visibility === "private"
        ? "They are private: only signed links show them."
        : "They are public: anybody with the address can see them."}
    </EmptyState>
  );
}
