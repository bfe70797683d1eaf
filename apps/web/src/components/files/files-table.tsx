import { cn } from "../../lib/cn";
import { typeLabel } from "../../lib/file-kind";
import { formatBytes } from "../../lib/format";
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
}

const head =
  "h-[34px] whitespace-nowrap border-b pr-3 text-left font-[480] text-muted-foreground text-xs";

export function FilesTable({ files, now, openId, open }: FilesTableProps) {
  return (
    <div className="@container">
      <table className="w-full table-fixed border-separate border-spacing-0 text-sm">
        <caption className="sr-only">Files, newest first</caption>
        <colgroup>
          <col />
          <col className="w-[72px] @max-[600px]:hidden" />
          <col className="w-[84px] @max-[600px]:hidden" />
          <col className="w-[124px]" />
          <col className="w-[112px] @max-[600px]:hidden" />
        </colgroup>
        <thead className="@max-[600px]:sr-only">
          <tr>
            <th className={head}>Name</th>
            <th className={head}>Type</th>
            <th className={cn(head, "pr-5 text-right")}>Size</th>
            <th className={head}>State</th>
            <th className={head} aria-sort="descending">
              Added
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <Row
              key={file.storageId}
              file={file}
              now={now}
              selected={file.storageId === openId}
              open={open}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  file: FileRow;
  now: Date;
  selected: boolean;
  open(id: string): void;
}

function Row({ file, now, selected, open }: RowProps) {
  const cell = cn(
    "h-12 truncate border-b pr-3 align-middle @max-[600px]:h-[60px] @max-[600px]:pr-2",
    selected ? "bg-accent" : "group-hover:bg-muted",
  );
  // The row's ground reaches a little past the text, as a selection does.
  const edge = selected
    ? "[--ground:var(--accent)]"
    : "[--ground:transparent] group-hover:[--ground:var(--muted)]";
  return (
    <tr className="group relative">
      <td className={cn(cell, edge, "shadow-[-12px_0_0_var(--ground)]")}>
        <div className="flex min-w-0 items-center gap-3">
          <FileThumb contentType={file.contentType} url={file.url} />
          <div className="min-w-0 flex-1">
            <button
              type="button"
              data-row={file.storageId}
              aria-expanded={selected}
              onClick={() => open(file.storageId)}
              className="block w-full text-left font-[500] outline-none after:absolute after:inset-0 after:rounded-sm focus-visible:after:outline-2 focus-visible:after:outline-ring"
            >
              <MiddleTruncate text={nameOf(file)} />
            </button>
            <span className="block truncate text-muted-foreground text-xs tabular-nums @min-[600px]:hidden">
              {formatBytes(file.sizeBytes)}, <Time at={file.createdAt} now={now} />
            </span>
          </div>
        </div>
      </td>
      <td className={cn(cell, "text-muted-foreground @max-[600px]:hidden")}>
        {typeLabel(file.contentType)}
      </td>
      <td className={cn(cell, "pr-5 text-right @max-[600px]:hidden")}>
        {formatBytes(file.sizeBytes)}
      </td>
      <td className={cn(cell, "@max-[600px]:pr-0")}>
        <FileState file={file} now={now} />
      </td>
      <td
        className={cn(
          cell,
          edge,
          "pr-0 text-muted-foreground shadow-[12px_0_0_var(--ground)] @max-[600px]:hidden",
        )}
      >
        <Time at={file.createdAt} now={now} />
      </td>
    </tr>
  );
}
