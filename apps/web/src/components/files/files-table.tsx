import { ArrowDown } from "lucide-react";
import type { KeyboardEvent, MouseEvent } from "react";
import { cn } from "../../lib/cn";
import { typeLabel } from "../../lib/file-kind";
import { formatBytes } from "../../lib/format";
import { nameOfOwner } from "../../lib/name-of-owner";
import type { SelectionHook } from "../../lib/use-selection";
import { Checkbox } from "../ui/checkbox";
import { FileThumb } from "../ui/file-thumb";
import { MiddleTruncate } from "../ui/middle-truncate";
import { Time } from "../ui/time";
import { FileState } from "./file-state";
import { nameOf } from "./name-of";
import type { FileRow } from "./use-files";

interface FilesTableProps {
  files: FileRow[];
  now: Date;
  openId: string | null;
  open(id: string): void;
  selection: SelectionHook;
  /** Files that can be chosen: one's own. */
  selectable(file: FileRow): boolean;
  /** Steps to the next or previous row and chooses what lies between. */
  extend(by: 1 | -1): void;
  /** Where the files of several people stand together. */
  showOwner: boolean;
}

const head =
  "h-[34px] whitespace-nowrap border-b pr-3 text-left font-[480] text-muted-foreground text-xs";
/** What a narrow table leaves out; its second line says it instead. */
const wideOnly = "@max-[620px]:hidden";

export function FilesTable(props: FilesTableProps) {
  const { files, selection, extend, selectable, showOwner } = props;
  const own = files.filter(selectable);
  const all = own.length > 0 && own.every(({ storageId }) => selection.has(storageId));
  const keyed = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") selection.selectAll();
    else if (event.shiftKey && event.key === "ArrowDown") extend(1);
    else if (event.shiftKey && event.key === "ArrowUp") extend(-1);
    else return;
    event.preventDefault();
  };
  return (
    <div className="@container">
      <table
        onKeyDown={keyed}
        className="w-full table-fixed border-separate border-spacing-0 text-sm"
      >
        <caption className="sr-only">Files, newest first</caption>
        <colgroup>
          <col className="w-[31px] @max-[620px]:w-[34px]" />
          <col />
          {showOwner && <col className={cn("w-[136px]", wideOnly)} />}
          <col className={cn("w-[72px]", wideOnly)} />
          <col className={cn("w-[84px]", wideOnly)} />
          <col className={cn("w-[124px]", wideOnly)} />
          <col className={cn("w-[112px]", wideOnly)} />
        </colgroup>
        <thead className="@max-[620px]:sr-only">
          <tr>
            <th className={head}>
              <Checkbox
                label="Select all files shown"
                checked={all}
                mixed={!all && selection.ids.size > 0}
                disabled={own.length === 0}
                onChange={all ? selection.clear : selection.selectAll}
              />
            </th>
            <th className={head}>Name</th>
            {showOwner && <th className={cn(head, wideOnly)}>Owner</th>}
            <th className={head}>Type</th>
            <th className={cn(head, "pr-5 text-right")}>Size</th>
            <th className={head}>State</th>
            <th className={head} aria-sort="descending">
              <span className="inline-flex items-center gap-1">
                Added
                <ArrowDown aria-hidden="true" className="size-3.5" />
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <Row key={file.storageId} file={file} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Omit<FilesTableProps, "files" | "extend"> {
  file: FileRow;
}

function Row({ file, now, openId, open, selection, selectable, showOwner }: RowProps) {
  const { storageId } = file;
  const name = nameOf(file);
  const isOpen = storageId === openId;
  const chosen = selection.has(storageId);
  const lit = isOpen || chosen;
  const cell = cn(
    "h-12 truncate border-b pr-3 align-middle @max-[620px]:h-[60px] @max-[620px]:pr-2",
    lit ? "bg-accent" : "group-hover:bg-muted",
  );
  // The row's ground reaches a little past the text, as a selection does.
  const edge = lit
    ? "[--ground:var(--accent)]"
    : "[--ground:transparent] group-hover:[--ground:var(--muted)]";
  const choose = ({ shiftKey }: { shiftKey: boolean }) =>
    shiftKey ? selection.selectTo(storageId) : selection.toggle(storageId);
  const clicked = (event: MouseEvent) => {
    const choosing = event.shiftKey || event.ctrlKey || event.metaKey;
    if (choosing && selectable(file)) choose(event);
    else open(storageId);
  };
  return (
    <tr className="group relative" data-row-of={storageId} data-selected={chosen || undefined}>
      <td className={cn(cell, edge, "overflow-visible shadow-[-12px_0_0_var(--ground)]")}>
        <Checkbox
          className="z-10"
          label={`Select ${name}`}
          checked={chosen}
          disabled={!selectable(file)}
          onChange={({ nativeEvent }) =>
            choose({ shiftKey: nativeEvent instanceof MouseEvent && nativeEvent.shiftKey })
          }
        />
      </td>
      <td className={cn(cell, edge)}>
        <div className="flex min-w-0 items-center gap-3">
          <FileThumb
            contentType={file.contentType}
            url={file.url}
            thumbHash={file.image?.thumbHash}
            widthPixels={128}
          />
          <div className="min-w-0 flex-1">
            <button
              type="button"
              data-row={storageId}
              aria-expanded={isOpen}
              onClick={clicked}
              className="block w-full select-none text-left font-[500] outline-none after:absolute after:inset-0 after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-ring"
            >
              <MiddleTruncate text={name} />
            </button>
            <span className="flex gap-2.5 text-muted-foreground text-xs tabular-nums @min-[620px]:hidden">
              <span className="truncate">
                {formatBytes(file.sizeBytes)}, <Time at={file.createdAt} now={now} />
                {showOwner && `, ${ownerOf(file)}`}
              </span>
              <FileState file={file} now={now} />
            </span>
          </div>
        </div>
      </td>
      {showOwner && <td className={cn(cell, wideOnly)}>{ownerOf(file)}</td>}
      <td className={cn(cell, "text-muted-foreground", wideOnly)}>{typeLabel(file.contentType)}</td>
      <td className={cn(cell, "pr-5 text-right", wideOnly)}>{formatBytes(file.sizeBytes)}</td>
      <td className={cn(cell, wideOnly)}>
        <FileState file={file} now={now} />
      </td>
      <td
        className={cn(
          cell,
          edge,
          "pr-0 text-muted-foreground shadow-[12px_0_0_var(--ground)]",
          wideOnly,
        )}
      >
        <Time at={file.createdAt} now={now} />
      </td>
    </tr>
  );
}

function ownerOf({ owner }: FileRow): string {
  return nameOfOwner(owner);
}
