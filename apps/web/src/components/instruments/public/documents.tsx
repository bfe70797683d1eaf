import type { PublicInstrument } from "@fermata/contract";
import { Download, FileText } from "lucide-react";
import { typeLabel } from "../../../lib/file-kind";
import { formatBytes } from "../../../lib/format";

interface DocumentsProps {
  documents: PublicInstrument["attachments"];
}

/** The condition report and whatever else there is to read. */
export function Documents({ documents }: DocumentsProps) {
  return (
    <ul>
      {documents.map(({ title, url, contentType, sizeBytes }) => (
        <li key={url} className="border-t last:border-b">
          <a
            href={url}
            download
            className="group grid grid-cols-[40px_minmax(0,1fr)_auto] items-center gap-x-4 py-3 pr-3"
          >
            <span className="grid h-12 place-items-center rounded-sm border border-border-strong bg-card text-muted-foreground">
              <FileText aria-hidden="true" className="size-[18px]" />
            </span>
            <span className="min-w-0">
              <span className="block font-medium text-base group-hover:underline">{title}</span>
              <span className="block text-muted-foreground text-sm">
                {typeLabel(contentType)}, {formatBytes(sizeBytes)}
              </span>
            </span>
            <Download aria-hidden="true" className="size-5" />
          </a>
        </li>
      ))}
    </ul>
  );
}
