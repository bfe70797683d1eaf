import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";

interface Answer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

/** An S3 store that gives these answers in turn, the last one ever after, and writes down what it was asked. */
export async function storeThatSays(answers: Answer[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const { status, body, headers } = answers[Math.min(asked.length, answers.length) - 1] ?? {
      status: 500,
      body: "",
    };
    response.writeHead(status, { "content-type": "application/xml", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = createS3ObjectStore({
    endpoint,
    region: "auto",
    accessKeyId: "test",
    secretAccessKey: "test",
    publicBucket: "public",
    privateBucket: "private",
    publicBaseUrl: "https://media.example.com",
  });
  return { store, asked };
}
