import { createServer } from "node:http";
import { expect, test } from "vitest";
import { StartError } from "./explain-failed-start";
import { listen } from "./listen";

test.each([
  ["no.such.host.invalid", "there is no such host"],
  ["192.0.2.1", "no address of this machine"],
])("HOST=%s is told to whoever starts the server, without a stack", async (host, said) => {
  const failure = await listen(createServer(), 0, host).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StartError);
  expect((failure as StartError).message).toContain(`HOST is ${host}`);
  expect((failure as StartError).message).toContain(said);
});
