"use client";

import { Link2, Trash2, X } from "lucide-react";
import { formatBytes, plural } from "../../lib/format";
import { useShortcuts } from "../../lib/shortcuts";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { useCopyLinks } from "./use-copy-links";
import type { FileRow } from "./use-files";

interface SelectionBarProps {
  files: readonly FileRow[];
  remove(files: readonly FileRow[]): void;
  clear(): void;
}

/** What can be done with the chosen files; it takes the place of the filters. */
export function SelectionBar({ files, remove, clear }: SelectionBarProps) {
  const links = useCopyLinks(files.map(({ storageId }) => storageId));
  const sizeBytes = files.reduce((total, file) => total + file.sizeBytes, 0);
  useShortcuts({ escape: clear, l: links.copy });
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a toolbar would promise arrow keys, a fieldset a form. */}
      <div
        role="group"
        aria-label="Selected files"
        className="sticky top-0 z-20 mt-3.5 mb-2 flex min-h-(--control) flex-wrap items-center gap-x-2 gap-y-1.5 rounded-md bg-accent py-px pr-1 pl-3 text-accent-foreground text-sm max-md:min-h-11"
      >
        <span className="min-w-0 flex-1 truncate font-medium tabular-nums">
          {files.length} selected
          <span className="font-normal max-md:hidden">, {formatBytes(sizeBytes)}</span>
        </span>
        <Button size="sm" onClick={links.copy} disabled={links.isPending}>
          <Link2 />
          {files.length === 1 ? "Copy the link" : "Copy links"}
        </Button>
        <Button size="sm" variant="danger" onClick={() => remove(files)}>
          <Trash2 />
          Delete
          <span className="sr-only"> {plural(files.length, "selected file")}</span>
        </Button>
        <IconButton label="Clear the selection" onClick={clear}>
          <X />
        </IconButton>
      </div>
      {links.error && <FailureNote error={links.error} />}
    </>
  );
}
