import { FermataError } from "@fermata/api";
import { expect, test } from "vitest";
import { endingOf } from "./ended";

test("who was signed out is not told that somebody put them out", () => {
  const details = { reason: "kicked", signedOut: true };
  const told = new FermataError("FORBIDDEN", undefined, { details });
  expect(endingOf("kicked", told)?.title).toBe("You were signed out");
  expect(endingOf("kicked", new FermataError("FORBIDDEN"))?.title).toBe("You were put out");
  expect(endingOf("joined", told)).toBeNull();
});
