"use client";

import type { UploadTarget } from "@fermata/api";
import { limits } from "@fermata/contract";
import { Search, Upload } from "lucide-react";
import { formatBytes, plural } from "../../lib/format";
import { describeUsage } from "../../lib/usage";
import { useNow } from "../../lib/use-now";
import { useIsOperator } from "../shell/me";
import { useUsage } from "../shell/use-usage";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Failure } from "../ui/failure";
import { MoreButton } from "../ui/more-button";
import { NobodyHasAny } from "../ui/nobody-has-any";
import { ActionText, Page } from "../ui/page";
import { Sign } from "../ui/sign";
import { StaleNote } from "../ui/stale-note";
import { Tabs } from "../ui/tabs";
import { useUploadTarget } from "../uploads/upload-target";
import { FailedDeletions } from "./failed-deletions";
import { FileDrawer } from "./file-drawer";
import { FilesFilters } from "./files-filters";
import { FilesSkeleton } from "./files-skeleton";
import { FilesTable } from "./files-table";
import { usePendingDeletions } from "./pending-deletions";
import { SelectionBar } from "./selection-bar";
import { type FileFilter, type FileStateFilter, useFileFilter } from "./use-file-filter";
import { useFileRows } from "./use-file-rows";
import { useFiles } from "./use-files";

const target: UploadTarget = { kind: "file" };

export function FilesPage() {
  const now = useNow();
  const { filter, set, isFiltered, clear } = useFileFilter();
  const { list, rows, counts } = useFiles(filter);
  const usage = useUsage().files;
  const { hidden } = usePendingDeletions();
  const isOperator = useIsOperator();
  const choose = useUploadTarget(isOperator ? null : target);
  const { opened, selection, selected, isOwn, remove, extend } = useFileRows(rows);
  const openFile = rows[opened.index];
  const all = counts.attached + counts.unattached;
  const shownCount = filter.state === "all" ? all : counts[filter.state];
  const isBare = rows.length === 0 && !isFiltered && (isOperator || filter.owner === "me");

  return (
    <Page
      title="Files"
      sub={
        isOperator
          ? "Everybody’s: that they exist, not what is in them"
          : usage &&
            `${plural(Math.max(0, usage.count - hidden.size), "file")}, ${describeUsage(usage)}`
      }
      actions={
        !isOperator && (
          <Button variant="primary" onClick={choose}>
            <Upload />
            <ActionText>Upload</ActionText>
          </Button>
        )
      }
    >
      <FailedDeletions />
      {list.isPending && <FilesSkeleton />}
      {list.isLoadingError && (
        <Failure error={list.error} retry={() => void list.refetch()} retrying={list.isFetching} />
      )}
      {list.data &&
        isBare &&
        (isOperator ? <NobodyHasAny what="files" /> : <NothingHeld choose={choose} />)}
      {list.data && !isBare && (
        <>
          <Tabs<FileStateFilter>
            label="State"
            value={filter.state}
            onChange={(state) => set({ state })}
            tabs={[
              ["all", "All", all],
              ["attached", "Attached", counts.attached],
              ["unattached", "Unattached", counts.unattached],
            ]}
          />
          {selected.length > 0 ? (
            <SelectionBar files={selected} remove={remove} clear={selection.clear} />
          ) : (
            <FilesFilters filter={filter} set={set} />
          )}
          <Announcer count={shownCount} selected={selected.length} busy={list.isPlaceholderData} />
          {list.isRefetchError && (
            <StaleNote
              error={list.error}
              dataUpdatedAt={list.dataUpdatedAt}
              retry={() => void list.refetch()}
            />
          )}
          {rows.length > 0 ? (
            <FilesTable
              files={rows}
              now={now}
              openId={opened.openId}
              open={opened.open}
              selection={selection}
              selectable={isOwn}
              extend={extend}
              showOwner={filter.owner !== "me"}
            />
          ) : (
            <NoMatch filter={filter} clear={clear} />
          )}
          <MoreButton list={list} />
        </>
      )}
      {openFile && (
        <FileDrawer
          key={openFile.storageId}
          file={openFile}
          now={now}
          position={`${opened.index + 1} of ${shownCount}`}
          previous={opened.previous}
          next={opened.next}
          close={() => opened.open(null)}
          remove={() => remove([openFile])}
        />
      )}
    </Page>
  );
}

/** What changed without a reload, for those who cannot see it. */
function Announcer({ count, selected, busy }: { count: number; selected: number; busy: boolean }) {
  if (busy) return null;
  return (
    <div role="status" className="sr-only">
      {selected > 0 ? `${selected} selected` : plural(count, "file")}
    </div>
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
      Drop or paste files anywhere on this page, or upload from your React app. Up to{" "}
      {formatBytes(limits.files.maxBytes)} each; everything is private.
    </EmptyState>
  );
}

function NoMatch({ filter, clear }: { filter: FileFilter; clear(): void }) {
  return (
    <EmptyState
      icon={<Search />}
      title={filter.search ? `No file matches “${filter.search}”` : "No such file"}
      action={<Button onClick={clear}>Show all files</Button>}
    >
      {filter.search
        ? "Names are compared, not contents."
        : "The filters above leave nothing over."}
    </EmptyState>
  );
}
