import { supportedMimeTypes } from "file-type";
import { expect, test } from "vitest";
import { signedTypes } from "./signed-types";

test("the types that have a signature are those that the library knows", () => {
  expect(signedTypes).toEqual([...supportedMimeTypes].sort());
});
