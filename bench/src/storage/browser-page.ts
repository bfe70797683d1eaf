// The page of `browser-clients.ts`: three clients that send the file of its one input.
import { createFermata } from "@fermata/api";
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { uploadFile } from "better-upload/client";
import { createMD5 } from "hash-wasm";

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
  "@uppy/aws-s3": (file: File) => byUppy(file, async () => ({})),
  "@uppy/aws-s3, with MD5": (file: File) =>
    byUppy(file, async (partNumber) => ({
      "content-md5": await md5Of(file.slice((partNumber - 1) * partBytes, partNumber * partBytes)),
    })),
  async "better-upload"(file: File): Promise<void> {
    await uploadFile({ api: "/better-upload", route: "film", file });
  },
};

/** @param headersOf what is sent with a part */
async function byUppy(
  file: File,
  headersOf: (partNumber: number) => Promise<Record<string, string>>,
): Promise<void> {
  const uppy = new Uppy().use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize: () => partBytes,
    async signRequest(request) {
      const headers = "partNumber" in request ? await headersOf(request.partNumber) : {};
      const answer = await fetch("/sign", { method: "POST", body: JSON.stringify(request) });
      return { ...((await answer.json()) as { url: string }), headers };
    },
  });
  uppy.addFile({ name: file.name, type: file.type, data: file });
  const result = await uppy.upload();
  if (result?.successful?.length !== 1) throw new Error("uppy did not upload the file");
}

/** In base64, as its users would have it: by the library that most take. */
async function md5Of(part: Blob): Promise<string> {
  const md5 = await createMD5();
  const reader = part.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return btoa(String.fromCharCode(...md5.digest("binary")));
    md5.update(value);
  }
}

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
