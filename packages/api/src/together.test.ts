import { expect, test } from "vitest";
import { Together } from "./together";

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

test("calls at once where nothing is under way, and together what was asked for meanwhile", async () => {
  const together = new Together();
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const call = (name: string) =>
    together.run(() => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.push(() => resolve(name)));
    });
  const first = call("a");
  await tick();
  const others = [call("b"), call("c")];
  await tick();
  expect(begun).toEqual(["a"]);
  ends[0]?.();
  expect(await first).toBe("a");
  await tick();
  expect(begun).toEqual(["a", "b", "c"]);
  for (const end of ends) end();
  expect(await Promise.all(others)).toEqual(["b", "c"]);
});

test("a call that fails keeps nobody from going on", async () => {
  const together = new Together();
  const failing = together.run(() => Promise.reject(new Error("refused")));
  const other = together.run(async () => "done");
  await expect(failing).rejects.toThrow("refused");
  expect(await other).toBe("done");
  expect(await together.run(async () => "later")).toBe("later");
});
