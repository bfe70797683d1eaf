import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { handleRequest, route } from "better-upload/server";
import { build } from "esbuild";
import type { S3Access } from "./store-server";

const gib = 1024 ** 3;

interface ToSign {
  method: string;
  key: string;
  uploadId?: string;
  partNumber?: number;
}

/** The page with the three clients, and what its peers' clients need of a server: URLs that the SDK signs. */
export async function serveBrowserPage(s3: S3Access) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("browser-page.ts", import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
  });
  const code = outputFiles[0]?.text ?? "";
  const { endpoint, bucket: Bucket, ...credentials } = s3;
  const client = new S3Client({
    endpoint,
    region: "auto",
    forcePathStyle: true,
    credentials,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });
  const film = route({
    multipart: true,
    partSize: 8 * 1024 * 1024,
    maxFileSize: 4 * gib,
    onBeforeUpload: () => ({ objectInfo: { key: `better-upload-${crypto.randomUUID()}` } }),
  });

  function sign({ method, key: Key, uploadId, partNumber }: ToSign): Promise<string> {
    const of = { Bucket, Key, UploadId: uploadId };
    if (method === "PUT") {
      return getSignedUrl(client, new UploadPartCommand({ ...of, PartNumber: partNumber }));
    }
    return uploadId
      ? getSignedUrl(client, new CompleteMultipartUploadCommand(of))
      : getSignedUrl(client, new CreateMultipartUploadCommand({ Bucket, Key }));
  }

  async function answer({ url }: IncomingMessage, body: string): Promise<Response> {
    if (url === "/sign") return Response.json({ url: await sign(JSON.parse(body) as ToSign) });
    if (url === "/better-upload") {
      const request = new Request("http://127.0.0.1/better-upload", { method: "POST", body });
      return handleRequest(request, { client, bucketName: Bucket, routes: { film } });
    }
    if (url === "/page.js")
      return new Response(code, { headers: { "content-type": "text/javascript" } });
    const html = `<!doctype html><body><input type="file"><script src="/page.js"></script>`;
    return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answered = await answer(request, Buffer.concat(chunks).toString());
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(Buffer.from(await answered.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
