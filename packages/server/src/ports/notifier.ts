/** Something that people should know, wherever they are. */
export interface Notification {
  /** What happened, for programs that sort: `job.failing`, `job.recovered`, `storage.foreign`, `digest`. */
  kind?: string;
  /** `error` wants somebody today, `warning` some day, `info` nobody. Default `info`. */
  severity?: "info" | "warning" | "error";
  /** One line. */
  title: string;
  /** Lines. */
  text: string;
  /** The page of the console that shows it. */
  url?: string;
}

/** Tells people outside of the app. Jobs use it; its credentials come from the environment. */
export interface Notifier {
  readonly name: string;
  /** Resolves once it was taken. @throws AppError UPSTREAM_UNAVAILABLE */
  notify(message: Notification): Promise<void>;
}
