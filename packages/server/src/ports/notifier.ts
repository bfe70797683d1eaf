/** Tells people outside of the app. Jobs use it; its credentials come from the environment. */
export interface Notifier {
  readonly name: string;
  notify(message: { title: string; text: string }): Promise<void>;
}
