import { expect, test } from "vitest";
import { failureFacts } from "./failure-facts";

test("a relay that does not answer", () => {
  const message =
    "We could not reach Ines. One of your two networks blocks direct connections, and no relay answered.";
  const facts = failureFacts(
    { code: "relay-unreachable", message },
    { relayProvider: "coturn", signaling: "stream" },
  );
  expect(facts.reason).toBe(
    "One of your two networks blocks direct connections, and no relay answered.",
  );
  expect(facts.rows).toEqual([
    ["Direct", "No answer"],
    ["Relay", "No answer"],
    ["Server", "Reachable"],
  ]);
});

test("no server and no relay", () => {
  const { rows } = failureFacts(
    { code: "offline", message: "No connection." },
    { relayProvider: "stun-only", signaling: "offline" },
  );
  expect(rows).toContainEqual(["Relay", "None set up"]);
  expect(rows).toContainEqual(["Server", "Not reachable"]);
});
