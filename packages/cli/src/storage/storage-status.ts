import { formatBytes, plural } from "@fermata/contract/format";
import type { Command } from "../command";

export const storageStatus: Command = {
  usage: "storage status",
  summary: "Shows whose the store is and what sweeps found.",
  async run({ fermata, json, print, self }) {
    const findings = await fermata.trpc.storage.findings.query();
    const { owner, strays, outbox } = findings;
    const isWell = !owner?.problem && !strays.asks;
    if (json) {
      print(JSON.stringify(findings));
      return isWell;
    }
    if (!owner) print("The store was not looked at yet. The next start or sweep does.");
    else if (!owner.problem)
      print(`The store belongs to this installation, ${owner.installationId}.`);
    else print(`${owner.problem.finding} ${owner.problem.remedy}`);
    const { count, bytes, undecided } = strays;
    print(
      `${plural(count, "object")} without a row, ${formatBytes(bytes)}; ${undecided} undecided.${strays.asks ? ` Sweeps wait for your word: ${self} storage sweep` : ""}`,
    );
    print(`${plural(outbox.waiting, "object")} to delete, ${formatBytes(outbox.bytes)}.`);
    return isWell;
  },
};
