import assert from "node:assert/strict";
import { createFermata, FermataError, toFermataError } from "@fermata/api";
import * as react from "@fermata/api/react";

// Port 9 discards: nothing answers there.
const fermata = createFermata({ url: "http://127.0.0.1:9", retry: { maxTries: 1 } });

const unreachable = await fermata.trpc.files.getUrl
  .query({ storageId: "one" })
  .catch(toFermataError);
assert.ok(unreachable instanceof FermataError);
assert.equal(unreachable.code, "NETWORK");

const tooLarge = await fermata.files.upload(new Blob([new Uint8Array(6 << 20)])).catch((e) => e);
assert.equal(tooLarge.code, "PAYLOAD_TOO_LARGE");
assert.equal(tooLarge.details.limitBytes, 5 << 20);

const lost = await fermata.media.upload(new Blob(["piano"])).catch((e) => e);
assert.equal(lost.code, "NETWORK");

assert.deepEqual(Object.keys(react).sort(), [
  "FermataProvider",
  "FileDropzone",
  "FileImage",
  "MediaImage",
  "MediaVideo",
  "PeerVideo",
  "UploadButton",
  "UploadDropzone",
  "UploadQueue",
  "describeDropzone",
  "englishWords",
  "useActiveSpeaker",
  "useFermata",
  "useFileMetadata",
  "useFileUrl",
  "useMedia",
  "usePeerRoom",
  "usePresence",
  "useSharedQueue",
  "useTRPC",
  "useUploadFile",
  "useUploadMedia",
  "useUploadQueue",
]);
