"use client";

import type { ReactNode } from "react";
import { FileDropzone, type FileDropzoneProps } from "../react/file-dropzone";
import type { FileDropzoneState } from "../react/file-dropzone-state";
import { FailedIcon, UploadIcon } from "./icons";
import { UploadList } from "./upload-list";
import { englishWords, hintOf, type UploadWords } from "./upload-words";

export interface UploadDropzoneProps<Server = unknown> extends FileDropzoneProps<Server> {
  /** Above the list of uploads, in place of the icon and the words. */
  children?: ReactNode | ((state: FileDropzoneState) => ReactNode);
  words?: Partial<UploadWords>;
}

/**
 * A place for files with all that belongs to it: by click, keyboard, drop and paste, with a line for each upload. Without a
 * stylesheet it is plain; `@fermata/api/styles.css` makes it look finished.
 */
export function UploadDropzone<Server = unknown>({
  children,
  words: given,
  ...props
}: UploadDropzoneProps<Server>) {
  const words = { ...englishWords, ...given };
  const { multiple = true } = props;
  return (
    <FileDropzone<Server> data-fermata="upload-dropzone" {...props}>
      {(state) => (
        <>
          <div data-part="face">
            {children === undefined ? (
              <>
                <UploadIcon />
                <span data-part="label" aria-hidden="true">
                  {props.label}
                </span>
                <span data-part="prompt" aria-hidden="true">
                  {state.isDragging
                    ? words.letGo(state.draggedCount)
                    : multiple
                      ? words.drop
                      : words.dropOne}
                </span>
                <span data-part="hint">{hintOf(state, words)}</span>
              </>
            ) : typeof children === "function" ? (
              children(state)
            ) : (
              children
            )}
          </div>
          {state.rejected.length > 0 && (
            <ul data-part="rejected" aria-hidden="true">
              {state.rejected.map(({ filename, error }) => (
                <li key={filename}>
                  <FailedIcon />
                  <span>
                    <bdi>{filename}</bdi> <bdi>{words.failure(error)}</bdi>
                  </span>
                </li>
              ))}
            </ul>
          )}
          {state.items.length > 0 && <UploadList {...state} words={words} />}
        </>
      )}
    </FileDropzone>
  );
}
