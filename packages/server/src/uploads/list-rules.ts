import { type files, limits } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";

/** What the app's rules take, for whoever may upload at all: `allow` has the last word. */
export function listUploadRules({
  uploads,
}: Pick<UserContext, "uploads">): z.input<typeof files.uploadRules.output> {
  const rules = Object.entries(uploads).map(([name, { kind, types, maxBytes }]) => ({
    name,
    kind,
    types: types && [...types],
    maxBytes: maxBytes ?? (kind === "file" ? limits.files.maxBytes : limits.storage.maxBytes),
  }));
  return { rules };
}
