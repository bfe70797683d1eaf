// The page of `uploads.ts`: each client sends the files of its one input, as its own guide has it.
import { createFermata, type Fermata } from "@fermata/api";
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { uploadFile, uploadFiles } from "better-upload/client";
import { Upload } from "tus-js-client";

export interface Servers {
  /** Ours, on the disk store and on S3. */
  disk: { url: string; token: string };
  s3: { url: string; token: string };
  /** Signs for Uppy and better-upload. */
  peers: string;
  tus: string;
}

const partBytes = 8 * 1024 * 1024;
const clients = new Map<string, Fermata>();

async function ours(files: File[], { url, token }: Servers["disk"]): Promise<void> {
  const client = clients.get(url) ?? createFermata({ url, token });
  clients.set(url, client);
  await Promise.all(files.map((file) => client.media.upload(file)));
}

const senders = {
  "fermata, disk": (files: File[], { disk }: Servers) => ours(files, disk),
  "fermata, S3": (files: File[], { s3 }: Servers) => ours(files, s3),
  async "@uppy/aws-s3"(files: File[], { peers }: Servers): Promise<void> {
    const uppy = new Uppy().use(AwsS3, {
      shouldUseMultipart: (file: { size: number | null }) => (file.size ?? 0) > 100 * 1024 * 1024,
      getChunkSize: () => partBytes,
      async signRequest(request) {
        const answer = await fetch(`${peers}/sign`, {
          method: "POST",
          body: JSON.stringify(request),
        });
        return (await answer.json()) as { url: string };
      },
    });
    for (const file of files) uppy.addFile({ name: file.name, type: file.type, data: file });
    const result = await uppy.upload();
    if (result?.successful?.length !== files.length) throw new Error("uppy did not upload them");
  },
  async "better-upload"(files: File[], { peers }: Servers): Promise<void> {
    const api = `${peers}/better-upload`;
    const [file] = files;
    if (files.length === 1 && file) {
      const route = file.size > 10 * 1024 * 1024 ? "film" : "photo";
      await uploadFile({ api, route, file });
      return;
    }
    const { failedFiles } = await uploadFiles({ api, route: "photos", files });
    if (failedFiles.length > 0) throw new Error("better-upload did not upload them");
  },
  async tus(files: File[], { tus }: Servers): Promise<void> {
    await Promise.all(
      files.map(
        (file) =>
          new Promise<void>((resolve, reject) => {
            new Upload(file, {
              endpoint: `${tus}/upload`,
              // In one request, unless a connection may break before its answer: then nothing could go on.
              uploadDataDuringCreation: file.size < 10_000_000,
              retryDelays: [0, 500, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
              metadata: { filename: file.name, filetype: file.type },
              onError: reject,
              onSuccess: () => resolve(),
            }).start();
          }),
      ),
    );
  },
};

export type Sender = keyof typeof senders;

const bench = {
  /** From the click to the word that all of it is there, in milliseconds. */
  async upload(sender: Sender, servers: Servers): Promise<number> {
    const files = Array.from(document.querySelector("input")?.files ?? []);
    if (files.length === 0) throw new Error("the page was given no file");
    const startedAt = performance.now();
    await senders[sender](files, servers);
    return performance.now() - startedAt;
  },
  /** What a page does that shows where to choose files. */
  async prepare(sender: Sender, { disk, s3 }: Servers): Promise<void> {
    if (!sender.startsWith("fermata")) return;
    const { url, token } = sender.endsWith("S3") ? s3 : disk;
    const client = createFermata({ url, token });
    clients.set(url, client);
    await client.media.prepare();
  },
};

declare global {
  interface Window {
    network: typeof bench;
  }
}

window.network = bench;
