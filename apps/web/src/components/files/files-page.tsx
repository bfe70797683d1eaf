"use client";

import type { UploadTarget } from "@fermata/api";
import { limits } from "@fermata/contract";
import { Search, Upload } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { formatBytes, plural } from "../../lib/format";
import { useNow } from "../../lib/use-now";
import { useOpenItem } from "../../lib/use-open-item";
import { useUsage } from "../shell/use-usage";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { ActionText, Page } from "../ui/page";
import { SearchField } from "../ui/search-field";
import { Sign } from "../ui/sign";
import { StaleNote } from "../ui/stale-note";
import { Tabs } from "../ui/tabs";
import { useUploadTarget } from "../uploads/upload-target";
import { FileDrawer } from "./file-drawer";
import { FilesSkeleton } from "./files-skeleton";
import { FilesTable } from "./files-table";
import { nameOf } from "./name-of";
import { type FileRow, useFiles } from "./use-files";

const target: UploadTarget = { kind: "file" };

const filters = {
  all: () => true,
  attached: (file: FileRow) => file.attachedTo !== undefined,
  unattached: (file: FileRow) => file.attachedTo === undefined,
};
type Filter = keyof typeof filters;

function isFilter(value: string | null): value is Filter {
  return value !== null && value in filters;
}

export function FilesPage() {
  const now = useNow();
  const { list, rows } = useFiles();
  const usage = useUsage().files;
  const choose = useUploadTarget(target);
  const asked = useSearchParams().get("state");
  const [filter, setFilter] = useState<Filter>(isFilter(asked) ? asked : "all");
  const [search, setSearch] = useState("");

  const wanted = search.trim().toLowerCase();
  const shown = rows.filter(
    (file) => filters[filter](file) && nameOf(file).toLowerCase().includes(wanted),
  );
  const opened = useOpenItem(shown.map(({ storageId }) => storageId));
  const openFile = shown[opened.index];

  return (
    <Page
      title="Files"
      sub={
        usage &&
        `${plural(usage.count, "file")}, ${formatBytes(usage.usedBytes)} of ${formatBytes(usage.quotaBytes)}`
      }
      actions={
        <Button variant="primary" onClick={choose}>
          <Upload />
          <ActionText>Upload</ActionText>
        </Button>
      }
    >
      {list.isPending && <FilesSkeleton />}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data && rows.length === 0 && <NothingHeld choose={choose} />}
      {rows.length > 0 && (
        <>
          <Tabs<Filter>
            label="State"
            value={filter}
            onChange={setFilter}
            tabs={[
              ["all", "All", rows.length],
              ["attached", "Attached", rows.filter(filters.attached).length],
              ["unattached", "Unattached", rows.filter(filters.unattached).length],
            ]}
          />
          <SearchField
            className="mt-3.5 mb-2"
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
          {shown.length > 0 ? (
            <FilesTable files={shown} now={now} openId={opened.openId} open={opened.open} />
          ) : (
            <NoMatch
              search={search}
              filter={filter}
              clear={() => {
                setSearch("");
                setFilter("all");
              }}
            />
          )}
          <MoreButton list={list} />
        </>
      )}
      {openFile && (
        <FileDrawer
          key={openFile.storageId}
          file={openFile}
          now={now}
          position={`${opened.index + 1} of ${shown.length}`}
          previous={opened.previous}
          next={opened.next}
          close={() => opened.open(null)}
        />
      )}
    </Page>
  );
}

function NothingHeld({ choose }: { choose(): void }) {
  return (
    <EmptyState
      icon={<Sign className="h-[39px] w-[52px] text-border-strong" />}
      title="Nothing held yet"
      action={
        <Button variant="primary" onClick={choose}>
          <Upload />
          Upload
        </Button>
      }
    >
      Drop files anywhere on this page, or upload from your React app. Up to{" "}
      {formatBytes(limits.files.maxBytes)} each; everything is private.
    </EmptyState>
  );
}

function NoMatch({ search, filter, clear }: { search: string; filter: Filter; clear(): void }) {
  return (
    <EmptyState
      icon={<Search />}
      title={search ? `No file matches “${search}”` : `No ${filter} file`}
      action={<Button onClick={clear}>{search ? "Clear the search" : "Show all files"}</Button>}
    >
      {search ? "Names are compared, not contents." : "Every file here is in the other state."}
    </EmptyState>
  );
}
