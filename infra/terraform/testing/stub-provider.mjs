#!/usr/bin/env node
// Stands in for cloudflare/cloudflare where no registry can be reached: it tells Terraform the schema, so that the
// modules can be validated and tested over `mock_provider`. It makes nothing.
import { createServer } from "node:http2";
import { provider, resources } from "./schema.mjs";

// Protocol Buffers, as far as a schema needs them.
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);
const flagged = (field, isSet) => (isSet ? Buffer.from([field << 3, 1]) : Buffer.alloc(0));
const number = (field, n) => Buffer.from([field << 3, ...varint(n)]);
const bytes = (field, content) => {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(body.length)]), body]);
};

const nesting = { single: 1, list: 2 };

/** `Schema.Attribute`; an object nests, and so does a list of one. */
function attribute([written, type]) {
  const [, name, marks] = /^(\w+)(\W*)$/.exec(written);
  const isNested = typeof type === "object" && typeof type[0] !== "string";
  const inner = Array.isArray(type) ? type[0] : type;
  return Buffer.concat([
    bytes(1, name),
    isNested
      ? bytes(
          10,
          Buffer.concat([
            ...Object.entries(inner).map((entry) => bytes(1, attribute(entry))),
            number(3, Array.isArray(type) ? nesting.list : nesting.single),
          ]),
        )
      : bytes(2, JSON.stringify(type)),
    flagged(4, marks.includes("!")),
    flagged(5, !marks.includes("!") && !marks.includes("=")),
    flagged(6, marks.includes("=")),
    flagged(7, marks.includes("*")),
  ]);
}

const schema = (attributes) =>
  bytes(2, Buffer.concat(Object.entries(attributes).map((entry) => bytes(2, attribute(entry)))));

const answers = {
  "/tfplugin6.Provider/GetProviderSchema": Buffer.concat([
    bytes(1, schema(provider)),
    ...Object.entries(resources).map(([name, attributes]) =>
      bytes(2, Buffer.concat([bytes(1, name), bytes(2, schema(attributes))])),
    ),
  ]),
  // An empty answer: there is nothing to complain about.
  "/tfplugin6.Provider/ValidateProviderConfig": Buffer.alloc(0),
  "/tfplugin6.Provider/ValidateResourceConfig": Buffer.alloc(0),
  "/tfplugin6.Provider/ConfigureProvider": Buffer.alloc(0),
  "/tfplugin6.Provider/StopProvider": Buffer.alloc(0),
  "/plugin.GRPCController/Shutdown": Buffer.alloc(0),
};
const unimplemented = "12";

const server = createServer();
server.on("stream", (stream, { ":path": path }) => {
  const answer = answers[path];
  const head = { ":status": 200, "content-type": "application/grpc" };
  stream.resume();
  stream.on("error", () => {});
  if (!answer) {
    stream.respond({ ...head, "grpc-status": unimplemented }, { endStream: true });
    return;
  }
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(answer.length, 1);
  stream.end(Buffer.concat([prefix, answer]));
  if (path.endsWith("/Shutdown")) setTimeout(() => process.exit(0), 50);
});
server.listen(0, "127.0.0.1", () => {
  // The handshake of HashiCorp's go-plugin: its version, the protocol's, and where this listens.
  process.stdout.write(`1|6|tcp|127.0.0.1:${server.address().port}|grpc|\n`);
});
