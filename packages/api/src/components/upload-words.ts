import type { FermataError } from "../api-error";

/** What the components say. Any of it can be given in another language, or in other words. */
export interface UploadWords {
  /** Of numbers: BCP 47, such as `ar` or `de-CH`. */
  locale: string;
  drop: string;
  dropOne: string;
  letGo(count: number): string;
  /**
   * What is taken.
   * @param limit the largest file, in words; empty where none was set
   * @param accept as of `<input type="file">`; empty for everything
   */
  hint(limit: string, accept: string): string;
  uploads: string;
  queued: string;
  preparing: string;
  /** Another tab sends the same file. */
  elsewhere: string;
  completing: string;
  paused: string;
  done: string;
  cancelled: string;
  /** Why something is not there: by its code and details, or as the error itself says it. */
  failure(error: FermataError): string;
  timeLeft(time: string): string;
  pause(filename: string): string;
  resume(filename: string): string;
  cancel(filename: string): string;
  retry(filename: string): string;
  pauseAll: string;
  resumeAll: string;
  clear: string;
  soundOn: string;
}

export const englishWords: UploadWords = {
  locale: "en",
  drop: "Drop files here, or choose them",
  dropOne: "Drop a file here, or choose one",
  letGo: (count) => `Let go to upload ${count === 1 ? "a file" : `${count} files`}`,
  hint: (limit, accept) =>
    [typesInWords(accept), limit && `up to ${limit} each`].filter(Boolean).join(", "),
  uploads: "Uploads",
  queued: "Waiting",
  preparing: "Getting ready",
  elsewhere: "Another tab sends it",
  completing: "Almost there",
  paused: "Paused",
  done: "Uploaded",
  cancelled: "Cancelled",
  failure: (error) => error.message,
  timeLeft: (time) => `${time} left`,
  pause: (filename) => `Pause ${filename}`,
  resume: (filename) => `Resume ${filename}`,
  cancel: (filename) => `Cancel ${filename}`,
  retry: (filename) => `Try ${filename} again`,
  pauseAll: "Pause all",
  resumeAll: "Resume all",
  clear: "Clear",
  soundOn: "Turn the sound on",
};

/** `image/*, .pdf` is `Images, PDF`. */
function typesInWords(accept: string): string {
  const families: Record<string, string> = { image: "images", video: "videos", audio: "sound" };
  const names = accept.split(",").map((part) => {
    const [family = "", kind = family] = part.trim().split("/");
    return kind === "*" ? (families[family] ?? family) : kind.replace(/^\./, "").toUpperCase();
  });
  const all = [...new Set(names)].join(", ");
  return all.charAt(0).toUpperCase() + all.slice(1);
}

/** What is taken here; empty where nothing was said of it. */
export function hintOf(
  { accept = "", maxBytes }: { accept?: string; maxBytes?: number },
  words: UploadWords,
): string {
  return words.hint(maxBytes === undefined ? "" : formatBytes(maxBytes, words), accept);
}

const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

/** `4.2 MB`, in the words' numbers. */
export function formatBytes(bytes: number, { locale }: Pick<UploadWords, "locale">): string {
  const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: byteUnits[power] ?? "byte",
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: amount < 10 && power > 0 ? 1 : 0,
  }).format(amount);
}

export function formatShare(share: number, { locale }: Pick<UploadWords, "locale">): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(
    // Not 100 before it is.
    Math.floor(share * 100) / 100,
  );
}

/** `12 sec`, `3 min`, `2 hr`. */
export function formatSeconds(seconds: number, { locale }: Pick<UploadWords, "locale">): string {
  const [unit, size] =
    seconds < 60
      ? (["second", 1] as const)
      : seconds < 3600
        ? (["minute", 60] as const)
        : (["hour", 3600] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(
    Math.max(1, Math.round(seconds / size)),
  );
}
