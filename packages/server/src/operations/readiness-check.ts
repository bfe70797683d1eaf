/** Something that a process needs to serve. */
export interface ReadinessCheck {
  name: string;
  ok: boolean;
  /** False where requests are served all the same: the engine of the jobs may be away. */
  required?: boolean;
  /** What to do, when it is not. */
  remedy?: string;
  /** What somebody should look at, though requests are answered. */
  notice?: string;
}
