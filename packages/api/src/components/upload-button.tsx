"use client";

import type { ReactNode } from "react";
import type { FermataError } from "../api-error";
import { FileDropzone, type FileDropzoneProps } from "../react/file-dropzone";
import type { FileDropzoneState } from "../react/file-dropzone-state";
import { CancelIcon, UploadIcon } from "./icons";
import { englishWords, formatShare, hintOf, type UploadWords } from "./upload-words";

export interface UploadButtonProps<Server = unknown>
  extends Omit<FileDropzoneProps<Server>, "children"> {
  /** What the button says; left out, its label. Keep the label's words in it: people say them to reach it. */
  children?: ReactNode;
  words?: Partial<UploadWords>;
}

/**
 * A button that uploads what is chosen, dropped on it or pasted. It shows how far that is, and what went wrong. Keyboards and
 * screen readers meet a native file field.
 */
export function UploadButton<Server = unknown>({
  children,
  words: given,
  multiple = false,
  ...props
}: UploadButtonProps<Server>) {
  const words = { ...englishWords, ...given };
  return (
    <FileDropzone<Server> data-fermata="upload-button" multiple={multiple} {...props}>
      {(state) => (
        <>
          <span data-part="face" aria-hidden="true" title={hintOf(state, words) || undefined}>
            {state.isUploading ? (
              <>
                <span data-part="bar" style={{ inlineSize: `${(state.progress ?? 0) * 100}%` }} />
                <span data-part="label">{formatShare(state.progress ?? 0, words)}</span>
              </>
            ) : (
              <>
                <UploadIcon />
                <span data-part="label">{children ?? props.label}</span>
              </>
            )}
          </span>
          {state.isUploading && (
            <button
              type="button"
              data-part="act"
              aria-label={words.cancel(namesOnTheirWay(state))}
              onClick={() => {
                for (const { id } of onTheirWay(state)) state.cancel(id);
              }}
            >
              <CancelIcon />
            </button>
          )}
          <Problem error={problemOf(state)} words={words} />
        </>
      )}
    </FileDropzone>
  );
}

function Problem({ error, words }: { error: FermataError | null; words: UploadWords }) {
  if (!error) return null;
  return (
    <span data-part="problem">
      <bdi>{words.failure(error)}</bdi>
    </span>
  );
}

function onTheirWay({ items }: FileDropzoneState) {
  return items.filter(({ status }) => status === "uploading" || status === "queued");
}

function namesOnTheirWay(state: FileDropzoneState): string {
  return onTheirWay(state)
    .map(({ filename }) => filename)
    .join(", ");
}

/** Why what was chosen last is not there. The live region says it, too. */
function problemOf({ items, rejected, isUploading }: FileDropzoneState): FermataError | null {
  if (isUploading) return null;
  const last = items.at(-1);
  return rejected.at(-1)?.error ?? (last?.status === "failed" ? last.error : null);
}
