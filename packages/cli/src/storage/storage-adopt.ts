import type { Command } from "../command";

export const storageAdopt: Command = {
  usage: "storage adopt",
  summary: "Makes the store of bytes this installation's, whoever's it was.",
  async run({ fermata, json, print, self }) {
    const answer = await fermata.trpc.storage.adopt.mutate();
    if (json) {
      print(JSON.stringify(answer));
      return true;
    }
    const { installationId, from } = answer;
    print(`The store belongs to installation ${installationId} from now on.`);
    if (from) print(`It belonged to ${from}, which sweeps it no more.`);
    print(`What lay there without a row stays: \`${self} storage sweep\` lists what sweeps find.`);
    return true;
  },
};
