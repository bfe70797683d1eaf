"use client";

import type { UploadTarget } from "@fermata/api";
import { useUploadQueue } from "@fermata/api/react";
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

interface Uploads {
  /** Where files dropped on the page on show go; null where it takes none. */
  target: UploadTarget | null;
  setTarget(target: UploadTarget | null): void;
  /** Opens the browser's file chooser. */
  choose(target: UploadTarget): void;
}

const UploadsContext = createContext<Uploads | null>(null);

function useUploads(): Uploads {
  const uploads = useContext(UploadsContext);
  if (!uploads) throw new Error("Uploads need an <UploadTargetProvider> further up.");
  return uploads;
}

export function UploadTargetProvider({ children }: { children: ReactNode }) {
  const queue = useUploadQueue();
  const [target, setTarget] = useState<UploadTarget | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const chosenTarget = useRef<UploadTarget>({ kind: "file" });

  const choose = useCallback((next: UploadTarget) => {
    chosenTarget.current = next;
    input.current?.click();
  }, []);
  const value = useMemo(() => ({ target, setTarget, choose }), [target, choose]);

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
          queue.add(event.target.files ?? [], chosenTarget.current);
          // The same file can be chosen again.
          event.target.value = "";
        }}
      />
    </UploadsContext>
  );
}

/** Makes the page on show take files: by the button this returns the act for, by `U`, by paste and by drop. */
export function useUploadTarget(target: UploadTarget): () => void {
  const { setTarget, choose } = useUploads();
  const chooseHere = () => choose(target);
  useShortcuts({ u: chooseHere });
  useEffect(() => {
    setTarget(target);
    return () => setTarget(null);
  }, [target, setTarget]);
  return chooseHere;
}

/** Opens the file chooser from anywhere. */
export function useChooseFiles(): (target: UploadTarget) => void {
  return useUploads().choose;
}

export function useCurrentTarget(): UploadTarget | null {
  return useUploads().target;
}
