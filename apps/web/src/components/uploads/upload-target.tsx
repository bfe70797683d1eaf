"use client";

import type { UploadTarget } from "@fermata/api";
import { useFermata, useUploadQueue } from "@fermata/api/react";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useShortcuts } from "../../lib/shortcuts";
import { toast } from "../../lib/toasts";
import { keepable, tellDownloads } from "./as-download";
import { splitForPublic } from "./split-for-public";

/** A target as a page offers it. */
export type PageTarget = UploadTarget & {
  /** Where media are public, whether documents and archives are, too. Nobody said so unless it was chosen. */
  isForEverything?: boolean;
};

interface Uploads {
  /** Where files dropped on the page on show go; null where it takes none. */
  target: PageTarget | null;
  setTarget(target: PageTarget | null): void;
  /** Opens the browser's file chooser. */
  choose(target: PageTarget): void;
  add(files: Iterable<File>, target: PageTarget): void;
}

const UploadsContext = createContext<Uploads | null>(null);

function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error("Uploads need an <UploadTargetProvider> further up.");
  return uploads;
}

export function UploadTargetProvider({ children }: { children: ReactNode }) {
  const queue = useUploadQueue();
  const [target, setTarget] = useState<PageTarget | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const chosenTarget = useRef<PageTarget>({ kind: "file" });

  const choose = useCallback((next: PageTarget) => {
    chosenTarget.current = next;
    input.current?.click();
  }, []);
  const { add: enqueue } = queue;
  const add = useCallback(
    (files: Iterable<File>, { isForEverything = false, ...to }: PageTarget) => {
      const chosen = [...files];
      const told = tellDownloads(chosen);
      if (told) toast(told);
      const { shared, kept } = splitForPublic(chosen.map(keepable), to, isForEverything);
      if (shared.length > 0) enqueue(shared, to);
      if (kept.length === 0) return;
      enqueue(kept, { kind: "media", options: { visibility: "private" } });
      toast(
        kept.length === 1
          ? `${kept[0]?.name} is kept private: only photos, clips and sound are public here.`
          : `${kept.length} documents are kept private: only photos, clips and sound are public here.`,
      );
    },
    [enqueue],
  );
  const value = useMemo(() => ({ target, setTarget, choose, add }), [target, choose, add]);

  return (
    <UploadsContext value={value}>
      {children}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="upload-input"
        onChange={(event) => {
          add(event.target.files ?? [], chosenTarget.current);
          // The same file can be chosen again.
          event.target.value = "";
        }}
      />
    </UploadsContext>
  );
}

/** Makes the page on show take files: by the button this returns the act for, by `U`, by paste and by drop. */
export function useUploadTarget(target: PageTarget | null): () => void {
  const { setTarget, choose } = useUploads();
  const client = useFermata();
  const chooseHere = () => {
    if (target) choose(target);
  };
  const isForMedia = target?.kind === "media";
  useShortcuts({ u: () => (target ? chooseHere() : false) });
  useEffect(() => {
    setTarget(target);
    return () => setTarget(null);
  }, [target, setTarget]);
  useEffect(() => {
    // So that the first file need not ask how the server takes it. Where that fails, the file asks, and says what is wrong.
    if (isForMedia) client.media.prepare().catch(() => {});
  }, [isForMedia, client]);
  return chooseHere;
}

/** Opens the file chooser from anywhere. */
export function useChooseFiles(): (target: PageTarget) => void {
  return useUploads().choose;
}

/** Where what is dropped goes, and how it gets there. */
export function useDropTarget(): Pick<Uploads, "target" | "add"> {
  return useUploads();
}
