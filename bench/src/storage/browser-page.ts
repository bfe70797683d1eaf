// The page of `browser-clients.ts`: three clients that send the file of its one input.
import { createFermata } from "@fermata/api";
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { uploadFile } from "better-upload/client";

export interface Server {
  url: string;
  token: string;
}

const partBytes = 8 * 1024 * 1024;

const senders = {
  async fermata(file: File, { url, token }: Server): Promise<void> {
    await createFermata({ url, token }).media.upload(file, { visibility: "private" });
  },
  async "fermata, no MD5"(file: File, { url, token }: Server): Promise<void> {
    const options = { visibility: "private", checksum: false } as const;
    await createFermata({ url, token }).media.upload(file, options);
  },
  async "@uppy/aws-s3"(file: File): Promise<void> {
    const uppy = new Uppy().use(AwsS3, {
      shouldUseMultipart: true,
      getChunkSize: () => partBytes,
      async signRequest(request) {
        const answer = await fetch("/sign", { method: "POST", body: JSON.stringify(request) });
        return (await answer.json()) as { url: string };
      },
    });
    uppy.addFile({ name: file.name, type: file.type, data: file });
    const result = await uppy.upload();
    if (result?.successful?.length !== 1) throw new Error("uppy did not upload the file");
  },
  async "better-upload"(file: File): Promise<void> {
    await uploadFile({ api: "/better-upload", route: "film", file });
  },
};

export type Sender = keyof typeof senders;

const bench = {
  /** What an upload took, in milliseconds. */
  async upload(sender: Sender, server: Server): Promise<number> {
    const file = document.querySelector("input")?.files?.[0];
    if (!file) throw new Error("the page was given no file");
    const startedAt = performance.now();
    await senders[sender](file, server);
    return performance.now() - startedAt;
  },
};

declare global {
  interface Window {
    uploads: typeof bench;
  }
}

window.uploads = bench;
