import type { Inngest } from "inngest";
import { FermataOptionError } from "./fermata-error";

/** The client of another major takes other arguments, and would fail at its first function with a word of its own. */
export function requireInngestClient(client: Inngest | undefined): void {
  if (client === undefined) return;
  const { createFunction, send, id } = client as Partial<Inngest>;
  if (typeof createFunction !== "function" || typeof send !== "function" || typeof id !== "string")
    throw new FermataOptionError("inngest.client", "is no client of Inngest's.");
  // v4 takes the options, with the triggers among them, and the handler; v3 takes the trigger between them.
  if (createFunction.length !== 2) {
    throw new FermataOptionError(
      "inngest.client",
      "is of another major version than inngest 4, which Fermata runs with: update inngest, or give inngest.id alone.",
    );
  }
}
