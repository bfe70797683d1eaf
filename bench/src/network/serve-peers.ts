import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { handleRequest, route } from "better-upload/server";
import { build } from "esbuild";
import type { S3Access } from "../storage/store-server";

const mib = 1024 * 1024;

interface ToSign {
  method: string;
  key: string;
  uploadId?: string;
  partNumber?: number;
}

async function listen(answer: (request: IncomingMessage, body: string) => Promise<Response>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answered = await answer(request, Buffer.concat(chunks).toString());
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(Buffer.from(await answered.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, process.env.HOST ?? "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The page, which is no part of what is measured. */
export async function servePage() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page.ts", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
  });
  const code = outputFiles[0]?.text ?? "";
  return listen(async ({ url }) =>
    url === "/page.js"
      ? new Response(code, { headers: { "content-type": "text/javascript" } })
      : new Response(
          `<!doctype html><body><input type="file" multiple><script src="/page.js"></script>`,
          { headers: { "content-type": "text/html; charset=utf-8" } },
        ),
  );
}

/** What the clients of Uppy and better-upload need of a server: URLs that the SDK signs. */
export async function servePeers({ endpoint, bucket: Bucket, ...credentials }: S3Access) {
  const client = new S3Client({
    endpoint,
    region: "auto",
    forcePathStyle: true,
    credentials,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const key = () => ({ objectInfo: { key: `better-upload-${crypto.randomUUID()}` } });
  const routes = {
    photo: route({ maxFileSize: 100 * mib, onBeforeUpload: key }),
    photos: route({
      multipleFiles: true,
      maxFiles: 20,
      maxFileSize: 100 * mib,
      onBeforeUpload: () => ({ generateObjectInfo: () => key().objectInfo }),
    }),
    film: route({
      multipart: true,
      partSize: 8 * mib,
      maxFileSize: 1024 * mib,
      onBeforeUpload: key,
    }),
  };

  function sign({ method, key: Key, uploadId, partNumber }: ToSign): Promise<string> {
    const of = { Bucket, Key, UploadId: uploadId };
    if (method === "PUT") {
      return uploadId
        ? getSignedUrl(client, new UploadPartCommand({ ...of, PartNumber: partNumber }))
        : getSignedUrl(client, new PutObjectCommand({ Bucket, Key }));
    }
    return uploadId
      ? getSignedUrl(client, new CompleteMultipartUploadCommand(of))
      : getSignedUrl(client, new CreateMultipartUploadCommand({ Bucket, Key }));
  }

  return listen(async ({ url }, body) => {
    if (url === "/sign") return Response.json({ url: await sign(JSON.parse(body) as ToSign) });
    const request = new Request("http://127.0.0.1/better-upload", { method: "POST", body });
    return handleRequest(request, { client, bucketName: Bucket, routes });
  });
}
