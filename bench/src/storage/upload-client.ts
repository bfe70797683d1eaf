// A process of its own that uploads one file and tells what it took: `upload-client.ts <url> <token> <path>`.
import { createFermata, openFile } from "@fermata/api";

const [, , url = "", token = "", path = ""] = process.argv;
const fermata = createFermata({ url, token });
const file = await openFile(path);
const startedAt = performance.now();
const { key } = await fermata.media.upload(file, {
  filename: "film.bin",
  visibility: "private",
  resume: false,
});
const ms = performance.now() - startedAt;
await fermata.trpc.storage.delete.mutate({ key });
process.stdout.write(JSON.stringify({ ms, rssMiB: process.resourceUsage().maxRSS / 1024 }));
