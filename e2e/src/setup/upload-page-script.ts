import { createFermata, type Media, type UploadProgress } from "@fermata/api";

/** What a page shows to a test, as plain data. */
export interface UploadReport {
  phase: string;
  loadedBytes: number;
  /** What the store had when the upload began. */
  resumedBytes: number;
  media: Media | null;
  error: string | null;
}

declare global {
  interface Window {
    uploadReport: UploadReport;
    uploadTo(server: { baseUrl: string; token: string; prepares?: boolean }): Promise<void>;
  }
}

const report: UploadReport = {
  phase: "idle",
  loadedBytes: 0,
  resumedBytes: 0,
  media: null,
  error: null,
};
window.uploadReport = report;

/** Uploads whatever file is chosen from now on. */
window.uploadTo = async ({ baseUrl, token, prepares = false }) => {
  const fermata = createFermata({
    url: baseUrl,
    token,
    retry: { baseDelayMs: 100, maxDelayMs: 1000 },
  });
  if (prepares) await fermata.media.prepare();
  const input = document.querySelector("input");
  input?.addEventListener("change", () => {
    const file = input.files?.[0];
    if (!file) return;
    fermata.media
      .upload(file, {
        visibility: "private",
        onState(state) {
          report.phase = state.phase;
          if (state.phase === "sending") report.resumedBytes = state.resumedBytes;
          show(file);
        },
        onProgress(progress) {
          report.loadedBytes = progress.loadedBytes;
          show(file, progress);
        },
      })
      .then((media) => {
        report.media = media;
        report.phase = "done";
        show(file);
      })
      .catch((error: Error) => {
        report.error = `${"code" in error ? error.code : ""} ${error.message}`;
        show(file);
      });
  });
};

function show(file: File, progress?: UploadProgress): void {
  const mebibytes = (bytes: number) =>
    `${Math.round(bytes / 1024 / 1024).toLocaleString("en")} MiB`;
  const lines = [
    `${file.name}, ${mebibytes(file.size)}`,
    `${report.phase}: ${mebibytes(report.loadedBytes)}`,
    `in the store since an earlier page: ${mebibytes(report.resumedBytes)}`,
    progress?.bytesPerSecond ? `${mebibytes(progress.bytesPerSecond)}/s` : "",
    report.error ?? "",
  ];
  const text = document.querySelector("pre");
  if (text) text.textContent = lines.join("\n");
  const bar = document.querySelector("progress");
  if (bar) bar.value = report.loadedBytes / file.size;
}
