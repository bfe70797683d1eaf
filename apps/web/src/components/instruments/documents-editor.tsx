"use client";

import { useFermata } from "@fermata/api/react";
import type { Instrument } from "@fermata/contract";
import { useMutation } from "@tanstack/react-query";
import { FileText, Upload, X } from "lucide-react";
import { useRef } from "react";
import { typeLabel } from "../../lib/file-kind";
import { formatBytes } from "../../lib/format";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { Section } from "../ui/section";
import { keepable } from "../uploads/as-download";
import type { InstrumentActs } from "./use-instrument";

interface DocumentsEditorProps {
  instrument: Instrument;
  acts: InstrumentActs;
}

/** Condition reports and the like: small files, which the published page lets visitors read. */
export function DocumentsEditor({ instrument, acts }: DocumentsEditorProps) {
  const { instrumentId, attachments } = instrument;
  const { attachFile, detachFile } = acts;
  const chooser = useRef<HTMLInputElement>(null);
  const client = useFermata();
  const add = useMutation({
    mutationFn: async (file: File) => {
      const { storageId } = await client.files.upload(keepable(file));
      const title = file.name.replace(/\.[^.]+$/, "") || "Document";
      return attachFile.mutateAsync({ instrumentId, storageId, title });
    },
  });
  const error = add.error ?? detachFile.error;
  return (
    <Section title="Documents">
      <ul>
        {attachments.map(({ attachmentId, title, url, contentType, sizeBytes }) => (
          <li key={attachmentId} className="flex items-center gap-3 border-b py-2.5 text-sm">
            <FileText aria-hidden="true" className="lucide size-5 text-muted-foreground" />
            <span className="min-w-0 flex-1">
              <a href={url} className="block truncate font-medium hover:underline">
                {title}
              </a>
              <span className="block text-muted-foreground text-xs">
                {typeLabel(contentType)}, {formatBytes(sizeBytes)}
              </span>
            </span>
            <IconButton
              label={`Detach ${title}`}
              disabled={detachFile.isPending}
              onClick={() => detachFile.mutate({ instrumentId, attachmentId })}
            >
              <X />
            </IconButton>
          </li>
        ))}
      </ul>
      {attachments.length === 0 && (
        <p className="pt-3 text-muted-foreground text-sm">
          A condition report, say. Visitors of the published page can read it.
        </p>
      )}
      {error && <FailureNote error={error} />}
      <input
        ref={chooser}
        type="file"
        hidden
        data-testid="document-input"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) add.mutate(file);
          target.value = "";
        }}
      />
      <Button
        size="sm"
        className="mt-3"
        disabled={add.isPending}
        onClick={() => chooser.current?.click()}
      >
        <Upload />
        {add.isPending ? "Adding…" : "Add a document"}
      </Button>
    </Section>
  );
}
