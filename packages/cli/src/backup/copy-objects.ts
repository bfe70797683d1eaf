import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { DataContext } from "../command";
import { filesBelow } from "./files-below";
import { hashing, hashOf } from "./hashes";
import type { Manifest } from "./manifest";
import type { BackupPlace } from "./place";

type Objects = Manifest["objects"];

const folder = "objects";

/** The objects of a disk store, brought to a backup: what is there already, of the same size, was copied by an earlier run. */
export class ObjectCopy {
  readonly #there: Map<string, number>;
  /** Of what this run has sent. */
  readonly #sent = new Map<string, string>();

  private constructor(
    private readonly place: BackupPlace,
    private readonly source: string,
    private readonly line: Pick<DataContext, "progress">,
    there: Map<string, number>,
  ) {
    this.#there = there;
  }

  static async open(
    place: BackupPlace,
    source: string,
    line: Pick<DataContext, "progress">,
  ): Promise<ObjectCopy> {
    return new ObjectCopy(place, source, line, await place.sizes(folder));
  }

  /** Copies what is not there yet. */
  async run(): Promise<void> {
    let seen = 0;
    for await (const path of objectsBelow(this.source)) {
      await this.#copy(path);
      this.line.progress?.(`Objects: ${++seen}`);
    }
  }

  /** All that is there now, each with its hash. */
  async list(): Promise<Objects> {
    const objects: Objects = [];
    for (const [to, sizeBytes] of this.#there) {
      const sha256 = (!this.place.isReadBack && this.#sent.get(to)) || (await this.#hash(to));
      objects.push({ path: to.slice(folder.length + 1), sizeBytes, sha256 });
      this.line.progress?.(`Hashes: ${objects.length} of ${this.#there.size}`);
    }
    return objects.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  async #copy(path: string): Promise<void> {
    const from = join(this.source, path);
    const found = await stat(from).catch(() => null);
    // Deleted since it was listed.
    if (!found) return;
    const to = [folder, ...path.split(sep)].join("/");
    if (this.#there.get(to) === found.size) return;
    const { through, sha256 } = hashing();
    try {
      await Promise.all([pipeline(createReadStream(from), through), this.place.write(to, through)]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    this.#there.set(to, found.size);
    this.#sent.set(to, sha256());
  }

  async #hash(path: string): Promise<string> {
    const body = await this.place.read(path);
    if (!body) throw new Error(`${path} went from ${this.place.name} while the backup was made.`);
    return hashOf(body);
  }
}

/** Drafts and unfinished uploads are left out. */
async function* objectsBelow(source: string): AsyncGenerator<string> {
  for await (const path of filesBelow(join(source, "objects"))) yield join("objects", path);
  const installation = await stat(join(source, "installation.json")).catch(() => null);
  if (installation) yield "installation.json";
}
