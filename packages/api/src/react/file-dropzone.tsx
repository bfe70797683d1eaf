"use client";

import { limits } from "@fermata/contract";
import {
  type ComponentProps,
  type ReactNode,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { acceptsFile } from "../accepts-file";
import { FermataError } from "../api-error";
import {
  createUploadQueue,
  type UploadedItem,
  type UploadItem,
  type UploadQueue,
  type UploadTarget,
} from "../upload-queue";
import { watchFileDrops } from "../watch-file-drops";
import { describeDropzone } from "./describe-dropzone";
import { useFermata } from "./fermata-provider";
import type { FileDropzoneState, RejectedFile } from "./file-dropzone-state";
import { useSharedQueue } from "./use-upload-queue";
import { useUploadRule } from "./use-upload-rule";

type DivProps = Omit<ComponentProps<"div">, "children" | "onClick" | "role" | "ref">;

/** @typeParam Server - the app's server, whose rules then give `target` its types */
export interface FileDropzoneProps<Server = unknown> extends DivProps {
  /** The name of the field, for those who hear it: `Photos of the instrument`. */
  label: string;
  /** Private files unless said. */
  target?: UploadTarget<Server>;
  /**
   * As of `<input type="file">`: `image/*, .pdf`. Holds for what is dropped and pasted, too. Left out, what the target's rule
   * takes, by the server.
   */
  accept?: string;
  /** The largest file that is taken; never above the limit of the target, which is the default. */
  maxBytes?: number;
  /** Whether several files are taken at once. */
  multiple?: boolean;
  disabled?: boolean;
  /**
   * Left out, it has a queue of its own, whose uploads are cancelled when the component goes. `shared` is the provider's, which
   * `<UploadQueue>` and `useUploadQueue` show.
   */
  queue?: UploadQueue | "shared";
  onUploaded?(item: UploadedItem): void;
  onReject?(rejected: RejectedFile[]): void;
  /** What a screen reader is told when it changes; English unless given. */
  announce?(state: FileDropzoneState): string;
  children?: ReactNode | ((state: FileDropzoneState) => ReactNode);
}

/**
 * A place for files: by click, by keyboard, by drop and by paste. It has no looks: style it by `data-dragging`,
 * `data-uploading`, `data-rejected` and `data-disabled`, and by `:focus-within`. The keyboard and screen readers meet a
 * native file field inside it.
 */
export function FileDropzone<Server = unknown>({
  label,
  target: given = { kind: "file" },
  accept: givenAccept,
  maxBytes: givenMaxBytes,
  multiple = true,
  disabled = false,
  queue: givenQueue,
  onUploaded,
  onReject,
  announce = describeDropzone,
  children,
  style,
  ...props
}: FileDropzoneProps<Server>) {
  // Its types have done their work.
  const target = given as UploadTarget;
  const rule = useUploadRule(target.options?.as);
  const accept = givenAccept ?? rule?.types?.join(", ");
  const maxBytes = smaller(givenMaxBytes, rule?.maxBytes);
  const place = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [draggedCount, setDraggedCount] = useState(0);
  const [rejected, setRejected] = useState<readonly RejectedFile[]>([]);
  const { queue, items, track } = useOwnItems(givenQueue, onUploaded);

  const take = (files: File[], folders: string[]) => {
    const refused: RejectedFile[] = folders.map((filename) => ({ filename, error: folderError() }));
    const taken = files.filter((file, index) => {
      const error = refuse(file, index, { accept, maxBytes, multiple, target });
      if (error) refused.push({ filename: file.name, error });
      return !error;
    });
    setRejected(refused);
    if (refused.length > 0) onReject?.(refused);
    if (taken.length > 0) track(queue.add(taken, target));
  };
  const latest = useRef({ take, disabled });
  latest.current = { take, disabled };
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // A shortcut for the pointer; keyboards and screen readers meet the field itself.
    const clicked = (event: MouseEvent) => {
      if (!isControl(event, element)) field.current?.click();
    };
    element.addEventListener("click", clicked);
    const unwatch = watchFileDrops(element, {
      onFiles: (files, folders) => latest.current.take(files, folders),
      onHover: setDraggedCount,
      isOpen: () => !latest.current.disabled,
    });
    return () => {
      element.removeEventListener("click", clicked);
      unwatch();
    };
  }, []);

  const open = () => field.current?.click();
  const counted = items.filter(({ status }) => status !== "failed" && status !== "cancelled");
  const totalBytes = sum(counted.map((item) => item.totalBytes));
  const state: FileDropzoneState = {
    isDragging: draggedCount > 0,
    draggedCount,
    isUploading: counted.some(({ status }) => status !== "done"),
    progress: totalBytes > 0 ? sum(counted.map((item) => item.loadedBytes)) / totalBytes : null,
    items,
    rejected,
    accept,
    maxBytes,
    open,
    cancel: queue.cancel,
    retry: queue.retry,
    pause: queue.pause,
    resume: queue.resume,
    clear() {
      setRejected([]);
      queue.clear();
    },
  };
  return (
    <div
      {...props}
      ref={place}
      style={{ position: "relative", ...style }}
      data-dragging={state.isDragging || undefined}
      data-uploading={state.isUploading || undefined}
      data-rejected={rejected.length > 0 || undefined}
      data-disabled={disabled || undefined}
    >
      <input
        ref={field}
        type="file"
        aria-label={label}
        accept={accept}
        multiple={multiple}
        disabled={disabled}
        style={unseen}
        onChange={({ currentTarget }) => {
          take([...(currentTarget.files ?? [])], []);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
      {typeof children === "function" ? children(state) : children}
      <div role="status" style={unseen}>
        {announce(state)}
      </div>
    </div>
  );
}

/** Of a queue, which may serve others too, the items that came through here. */
function useOwnItems(
  given: FileDropzoneProps["queue"],
  onUploaded: FileDropzoneProps["onUploaded"],
) {
  const client = useFermata();
  const shared = useSharedQueue();
  const [own] = useState(() => createUploadQueue(client));
  const queue = given === "shared" ? shared : (given ?? own);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const snapshot = useSyncExternalStore(queue.subscribe, queue.getSnapshot, queue.getSnapshot);
  const items = snapshot.items.filter(({ id }) => ids.has(id));

  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const item of items) {
      if (!isUploaded(item) || told.current.has(item.id)) continue;
      told.current.add(item.id);
      onUploaded?.(item);
    }
  });
  useEffect(() => own.cancelAll, [own]);
  const track = (added: string[]) => setIds((before) => new Set([...before, ...added]));
  return { queue, items, track };
}

function isUploaded(item: UploadItem): item is UploadedItem {
  return item.status === "done" && item.result !== null;
}

function folderError(): FermataError {
  return new FermataError("INVALID_INPUT", "A folder cannot be uploaded. Choose the files in it.");
}

function refuse(
  file: File,
  index: number,
  {
    accept,
    maxBytes,
    multiple,
    target,
  }: Pick<FileDropzoneProps, "accept" | "maxBytes" | "multiple"> & { target: UploadTarget },
): FermataError | null {
  const limitBytes = Math.min(maxBytes ?? Number.POSITIVE_INFINITY, ceilingOf(target));
  if (!multiple && index > 0) {
    return new FermataError("INVALID_INPUT", "Only one file is taken here.");
  }
  if (!acceptsFile(accept, file)) {
    return new FermataError("UNSUPPORTED_MEDIA_TYPE", "Files of this type are not taken here.", {
      details: { contentType: file.type, accept },
    });
  }
  if (file.size > limitBytes) {
    return new FermataError("PAYLOAD_TOO_LARGE", undefined, {
      details: { limitBytes, sizeBytes: file.size },
    });
  }
  return null;
}

function smaller(one?: number, other?: number): number | undefined {
  return one !== undefined && other !== undefined ? Math.min(one, other) : (one ?? other);
}

function ceilingOf({ kind, options }: UploadTarget): number {
  if (kind === "media") return limits.storage.maxBytes;
  return options?.as === undefined ? limits.files.maxBytes : limits.files.ruleMaxBytes;
}

/** Whether a click was meant for something inside: a button, a link, the field itself. */
function isControl({ target }: MouseEvent, place: HTMLElement): boolean {
  if (!(target instanceof Element)) return false;
  const control = target.closest("a, button, input, label, select, textarea, [role=button]");
  return control !== null && place.contains(control);
}

/** Out of sight, and there for screen readers and the keyboard. */
const unseen = {
  position: "absolute",
  width: 1,
  height: 1,
  margin: -1,
  padding: 0,
  overflow: "hidden",
  clipPath: "inset(50%)",
  whiteSpace: "nowrap",
  border: 0,
} as const;

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
