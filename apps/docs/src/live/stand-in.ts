import {
  createFermata,
  createUploadQueue,
  type Fermata,
  FermataError,
  type PauseControl,
  type UploadProgress,
} from "@fermata/api";
import type { MediaImageProps } from "@fermata/api/react";
import { useSyncExternalStore } from "react";
import keys from "../../../web/demo/keys.jpg";
import walnut from "../../../web/demo/walnut.jpg";

type Media = NonNullable<MediaImageProps["media"]>;

interface ShownFile {
  storageId: string;
  contentType: string;
}

interface Sending {
  signal?: AbortSignal;
  pause?: PauseControl;
  onProgress?(progress: UploadProgress): void;
}

const steps = 12;
const stepMs = 150;

const addresses = new Map([["walnut", walnut.src]]);
let newest: ShownFile = { storageId: "walnut", contentType: "image/jpeg" };
const watchers = new Set<() => void>();

/** The picture that was uploaded last, and one of ours before. */
export function useNewestFile(): ShownFile {
  const watch = (changed: () => void) => {
    watchers.add(changed);
    return () => watchers.delete(changed);
  };
  return useSyncExternalStore(watch, () => newest);
}

const about = { status: "ready", visibility: "private", publicUrl: null } as const;

export const photo: Media = {
  ...about,
  key: "keys",
  filename: "keys.jpg",
  contentType: "image/jpeg",
  sizeBytes: 19_942,
  createdAt: "2026-05-02T09:00:00.000Z",
  width: keys.width,
  height: keys.height,
  url: keys.src,
};

export const clip: Media = {
  ...about,
  key: "first-notes",
  filename: "first-notes.mp4",
  contentType: "video/mp4",
  sizeBytes: 265_527,
  createdAt: "2026-05-02T09:00:00.000Z",
  width: 1280,
  height: 720,
  url: new URL("../../../web/demo/first-notes.mp4", import.meta.url).href,
};

/** Of what a server answers, all that these components ask for: the address of a file. */
async function answer(input: RequestInfo | URL): Promise<Response> {
  const { searchParams } = new URL(String(input), window.location.href);
  const asked: Record<string, { storageId: string }> = JSON.parse(
    searchParams.get("input") ?? "{}",
  );
  const answers = Object.values(asked).map(({ storageId }) => ({
    result: { data: addresses.get(storageId) ?? null },
  }));
  return Response.json(answers);
}

/** Nothing is sent: time passes as if it were, so that a line has something to show, to hold up and to cancel. */
async function pretendToSend(file: Blob, { signal, pause, onProgress }: Sending): Promise<void> {
  for (let step = 0; step <= steps; ) {
    if (signal?.aborted) throw new FermataError("ABORTED");
    if (!pause?.getSnapshot()) {
      onProgress?.({ loadedBytes: (file.size * step) / steps, totalBytes: file.size });
      step += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}

function createStandIn() {
  const core = createFermata({ url: "", fetch: answer });
  const client: Fermata = {
    ...core,
    files: {
      async upload(file, options = {}) {
        await pretendToSend(file, options);
        const storageId = crypto.randomUUID();
        addresses.set(storageId, URL.createObjectURL(file));
        newest = { storageId, contentType: file.type };
        for (const changed of watchers) changed();
        return { storageId };
      },
    },
    media: {
      ...core.media,
      prepare: async () => {},
      findUnfinished: async () => [],
      async upload(file, options = {}) {
        await pretendToSend(file, options);
        const { name = "untitled", type, size } = file as File;
        const createdAt = new Date().toISOString();
        const what = { filename: name, contentType: type, sizeBytes: size, createdAt };
        return { ...about, key: crypto.randomUUID(), ...what };
      },
    },
  };
  return { client, queue: createUploadQueue(client) };
}

/** A client whose server is this page's memory: the components are the real ones, and only what they ask is answered here. */
export const standIn = createStandIn();
