import { FermataError } from "@fermata/api";
import { errorCodes } from "@fermata/contract";
import { expect, test } from "vitest";
import { describeFailure } from "./describe-failure";

test("every failure of the contract has a cause and says what is safe", () => {
  for (const code of errorCodes) {
    const { title, body } = describeFailure(new FermataError(code));
    expect(title, code).not.toBe("");
    expect(body, code).toMatch(/\.$/);
  }
});

test("what is too large names its size and the limit", () => {
  const error = new FermataError("PAYLOAD_TOO_LARGE", undefined, {
    details: { sizeBytes: 48 * 1024 * 1024, limitBytes: 5 * 1024 * 1024 },
  });
  expect(describeFailure(error).body).toBe("48 MB. At most 5 MB a file.");
});

test("only an unexpected failure leads to the log", () => {
  const facts = { requestId: "req-1" };
  expect(describeFailure(new FermataError("INTERNAL", undefined, facts)).requestId).toBe("req-1");
  expect(describeFailure(new FermataError("NOT_FOUND", "Gone.", facts)).requestId).toBeUndefined();
});

test("a refused input is told by its first issue, not by its JSON", () => {
  const issues = JSON.stringify([{ message: "at least 8 characters", path: ["newPassword"] }]);
  expect(describeFailure(new FermataError("INVALID_INPUT", issues)).body).toBe(
    "At least 8 characters.",
  );
});

test("a picture of too many pixels is not called too many bytes", () => {
  const error = new FermataError("PAYLOAD_TOO_LARGE", undefined, {
    details: { pixels: 108_000_000, maxPixels: 50_000_000 },
  });
  const { title, body } = describeFailure(error);
  expect(title).toBe("Too many pixels");
  expect(body).toBe(
    "It has 108 megapixels. At most 50 megapixels: save it smaller, then try again.",
  );
});

test("a message that only repeats the title is not said twice", () => {
  const message = "This type is not accepted, or the bytes are of another type.";
  const { title, body } = describeFailure(new FermataError("UNSUPPORTED_MEDIA_TYPE", message));
  expect(title).toBe("This type is not accepted");
  expect(body).not.toContain("not accepted");
});
