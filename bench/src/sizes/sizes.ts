// What a page loads of this client and of others', for the same use: bundled by esbuild as an app would be, gzipped, React left
// out. `first` is loaded with the page, the rest when it is first needed. Our packages have to be built.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

interface Use {
  who: string;
  code: string;
}

const client = `import { createFermata } from "@fermata/api/core"; const fermata = createFermata({ url: "https://a.test", token: "t" });`;
const uses: Record<string, Use[]> = {
  "one typed query": [
    {
      who: "Fermata",
      code: `${client} keep(fermata.trpc.files.getUrl.query({ storageId: "a" }));`,
    },
    {
      who: "tRPC's own links",
      code: `import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
        const other = splitLink({ condition: ({ type }) => type === "query", true: httpBatchLink({ url: "/" }), false: httpLink({ url: "/" }) });
        keep(createTRPCClient({ links: [splitLink({ condition: ({ type }) => type === "subscription", true: httpSubscriptionLink({ url: "/" }), false: other })] }).a.b.query());`,
    },
    {
      who: "Convex",
      code: `import { ConvexHttpClient } from "convex/browser"; import { anyApi } from "convex/server";
        keep(new ConvexHttpClient("https://a.convex.cloud").query(anyApi.files.getUrl, {}));`,
    },
  ],
  "a small file, with progress": [
    {
      who: "Fermata",
      code: `${client} import { uploadFile } from "@fermata/api/files"; keep((file) => uploadFile(fermata, file, { onProgress: keep }));`,
    },
    {
      who: "UploadThing",
      code: `import { genUploader } from "uploadthing/client"; const { uploadFiles } = genUploader({ url: "https://a.test" });
        keep((file) => uploadFiles("x", { files: [file], onUploadProgress: keep }));`,
    },
    {
      who: "better-upload",
      code: `import { uploadFile } from "better-upload/client"; keep((file) => uploadFile({ file, route: "x", onFileStateChange: keep }));`,
    },
    {
      who: "Uppy, to S3",
      code: `import Uppy from "@uppy/core"; import AwsS3 from "@uppy/aws-s3"; const uppy = new Uppy().use(AwsS3, { endpoint: "https://a.test" });
        keep((file) => { uppy.addFile({ name: file.name, data: file }); return uppy.upload(); });`,
    },
  ],
  "a film, in parts that are resumed": [
    {
      who: "Fermata",
      code: `${client} import { createPauseControl, uploadMedia } from "@fermata/api/media"; keep((file) => uploadMedia(fermata, file, { pause: createPauseControl() }));`,
    },
    {
      who: "Uppy, to S3",
      code: `import Uppy from "@uppy/core"; import AwsS3 from "@uppy/aws-s3"; const uppy = new Uppy().use(AwsS3, { endpoint: "https://a.test", shouldUseMultipart: true });
        keep((file) => { uppy.addFile({ name: file.name, data: file }); return uppy.upload(); });`,
    },
    {
      who: "tus-js-client",
      code: `import { Upload } from "tus-js-client"; keep((file) => new Upload(file, { endpoint: "https://a.test" }).start());`,
    },
  ],
  "an upload by a React hook": [
    {
      who: "Fermata",
      code: `import { createFermata } from "@fermata/api"; import { FermataProvider, useUploadFile } from "@fermata/api/react"; keep(createFermata, FermataProvider, useUploadFile);`,
    },
    {
      who: "UploadThing",
      code: `import { generateReactHelpers } from "@uploadthing/react"; keep(generateReactHelpers().useUploadThing);`,
    },
    {
      who: "better-upload",
      code: `import { useUploadFile } from "better-upload/client"; keep(useUploadFile);`,
    },
    {
      who: "Convex",
      code: `import { ConvexProvider, ConvexReactClient, useMutation } from "convex/react"; keep(ConvexProvider, ConvexReactClient, useMutation);`,
    },
  ],
  "a drop zone, finished": [
    {
      who: "Fermata",
      code: `import { createFermata } from "@fermata/api"; import { FermataProvider, UploadDropzone } from "@fermata/api/react"; keep(createFermata, FermataProvider, UploadDropzone);`,
    },
    {
      who: "UploadThing",
      code: `import { generateUploadDropzone } from "@uploadthing/react"; keep(generateUploadDropzone());`,
    },
  ],
  "a call from page to page": [
    {
      who: "Fermata",
      code: `${client} import { createPeerRoom } from "@fermata/api/rooms"; keep(() => createPeerRoom({ client: fermata, roomId: "r", displayName: "Ines" }));`,
    },
    {
      who: "PeerJS",
      code: `import { Peer } from "peerjs"; keep(() => new Peer("a").call("b", new MediaStream()));`,
    },
    {
      who: "LiveKit",
      code: `import { Room } from "livekit-client"; keep(() => new Room().connect("wss://a.test", "t"));`,
    },
  ],
};

const resolveDir = fileURLToPath(new URL("../..", import.meta.url));
/** The condition by which a package of this workspace is taken as it is published. */
const dist = fileURLToPath(new URL("../../../packages/api/dist/", import.meta.url));
const doors = ["core", "files", "media", "rooms", "react"];
const alias = {
  ...Object.fromEntries(doors.map((door) => [`@fermata/api/${door}`, `${dist}${door}.js`])),
  "@fermata/api": `${dist}index.js`,
};

console.log("| for | who | kB first | kB later |\n| --- | --- | --- | --- |");
for (const [what, beside] of Object.entries(uses)) {
  for (const [index, { who, code }] of beside.entries()) {
    const { first, later } = await sizesOf(code);
    const rest = later > 0 ? kilo(later) : "";
    console.log(`| ${index === 0 ? what : ""} | ${who} | ${kilo(first)} | ${rest} |`);
  }
}

async function sizesOf(code: string): Promise<{ first: number; later: number }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `const keep = (...kept) => { globalThis.kept = kept; };\n${code}`,
      resolveDir,
    },
    alias,
    // What an app has beside the client.
    nodePaths: [fileURLToPath(new URL("../../../packages/api/node_modules", import.meta.url))],
    external: ["react", "react/jsx-runtime", "react-dom"],
    define: { "process.env.NODE_ENV": '"production"' },
    outdir: "out",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const { outputs } = metafile;
  const sizeOf = (path: string) => {
    const file = outputFiles.find((one) => basename(one.path) === basename(path));
    return file ? gzipSync(file.contents, { level: 9 }).length : 0;
  };
  const atFirst = new Set<string>();
  const visit = (path: string) => {
    if (atFirst.has(path)) return;
    atFirst.add(path);
    for (const { kind, path: imported, external } of outputs[path]?.imports ?? [])
      if (kind === "import-statement" && !external) visit(imported);
  };
  visit(Object.keys(outputs).find((path) => outputs[path]?.entryPoint === "<stdin>") ?? "");
  const sum = (paths: string[]) => paths.reduce((total, path) => total + sizeOf(path), 0);
  const rest = Object.keys(outputs).filter((path) => !atFirst.has(path));
  return { first: sum([...atFirst]), later: sum(rest) };
}

function kilo(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
