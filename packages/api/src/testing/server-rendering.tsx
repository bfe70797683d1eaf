import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { createFermata } from "../create-fermata";
import {
  FermataProvider,
  FileImage,
  MediaImage,
  MediaVideo,
  PeerVideo,
  UploadButton,
  UploadDropzone,
  UploadQueue,
  useFileUrl,
  usePeerRoom,
  useTRPC,
  useUploadFile,
  useUploadMedia,
} from "../react";

/** A page with everything that `./react` has, as a server first makes it: nothing is asked for meanwhile. */
export function renderPage(fetch: typeof globalThis.fetch): string {
  return renderToString(
    <FermataProvider client={createFermata({ url: "https://example.com", token: "t", fetch })}>
      <Hooks />
      <UploadButton label="Add a picture" />
      <UploadDropzone label="Photos" queue="shared" maxBytes={5_000_000} />
      <UploadQueue />
      <FileImage storageId="file" alt="The fallboard" width={240} height={160} />
      <MediaImage mediaKey="photo" alt="The soundboard" />
      <MediaVideo mediaKey="clip" label="The first movement" />
      <PeerVideo stream={null} name="Maja Lindqvist" muted mirrored />
    </FermataProvider>,
  );
}

/** A page that waits for its data, by Suspense. The token is that of the request that asks for the page. */
export function streamPage(fetch: typeof globalThis.fetch): Promise<string> {
  const client = createFermata({ url: "https://example.com", token: "of the request", fetch });
  return new Promise((resolve, reject) => {
    let html = "";
    const page = (
      <FermataProvider client={client}>
        <Suspense fallback={<p>Waiting</p>}>
          <Address />
        </Suspense>
      </FermataProvider>
    );
    const { pipe } = renderToPipeableStream(page, {
      onError: reject,
      onAllReady() {
        pipe({
          write: (chunk: Uint8Array | string) => {
            html += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
            return true;
          },
          end: () => resolve(html),
          on: () => {},
        } as never);
      },
    });
  });
}

function Hooks() {
  const file = useUploadFile();
  const media = useUploadMedia();
  const { url, status } = useFileUrl("file");
  const room = usePeerRoom({ roomId: "r", displayName: "Ines" });
  return <p>{[file.status, media.status, status, String(url), room.status].join(" ")}</p>;
}

function Address() {
  const { data } = useSuspenseQuery(useTRPC().files.getUrl.queryOptions({ storageId: "file" }));
  return <a href={data ?? ""}>The file</a>;
}
