import { expect, test } from "vitest";
import { type DeviceStatus, statusOfError } from "./device-status";

const failure = (name: string) => Object.assign(new Error("no"), { name });

test.each<[string, DeviceStatus]>([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "missing"],
  ["OverconstrainedError", "missing"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
  ["TypeError", "unsupported"],
])("%s means %s", (name, status) => {
  expect(statusOfError(failure(name))).toBe(status);
});
