import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { environment } from "./workspace.mjs";

test("an npx that is started by a script that npx started follows its own orders", async () => {
  const outer = { ...process.env, npm_config_call: "echo outer", npm_config_package: "nonsense" };
  const answer = (env) =>
    promisify(execFile)("npx", ["-c", "echo inner"], { env }).then(({ stdout }) => stdout.trim());
  expect(await answer(environment(outer))).toBe("inner");
  expect(environment(outer)).not.toHaveProperty("npm_config_call");
  expect(environment({ npm_config_registry: "kept", PATH: "kept" })).toEqual({
    npm_config_registry: "kept",
    PATH: "kept",
  });
});
