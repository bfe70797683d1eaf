import {
  FermataProvider,
  FileDropzone,
  FileImage,
  MediaImage,
  MediaVideo,
  UploadButton,
  UploadDropzone,
  UploadQueue,
} from "@fermata/api/react";
import styles from "@fermata/api/styles.css?url";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { OwnCamera } from "./own-camera";
import type { LiveName } from "./place-live";
import { clip, photo, standIn, useNewestFile } from "./stand-in";

const specimens: Record<LiveName, () => ReactNode> = {
  UploadButton: () => <UploadButton label="Add a picture" accept="image/*" />,
  UploadDropzone: () => (
    <UploadDropzone
      label="Photos and clips"
      target={{ kind: "media", options: { visibility: "private" } }}
      accept="image/*, video/*, audio/*"
      queue="shared"
    />
  ),
  UploadQueue: () => (
    <>
      <UploadQueue />
      <p className="live-hint">
        It shows what was given to the place above, and is not there before.
      </p>
    </>
  ),
  FileImage: () => <NewestFile />,
  MediaImage: () => <MediaImage media={photo} alt="Keys of a grand, aslant" width={360} />,
  MediaVideo: () => (
    <MediaVideo media={clip} label="The first notes" preload="none" className="live-clip" />
  ),
  PeerVideo: () => <OwnCamera />,
  FileDropzone: () => (
    <FileDropzone label="Add a picture" accept="image/*">
      {({ isDragging, open }) => (
        <button type="button" className="live-button" onClick={open}>
          {isDragging ? "Let go" : "Looks of your own"}
        </button>
      )}
    </FileDropzone>
  ),
};

function Specimen({ name }: { name: LiveName }) {
  const Shown = specimens[name];
  return (
    <FermataProvider client={standIn.client} uploadQueue={standIn.queue}>
      <Shown />
    </FermataProvider>
  );
}

function NewestFile() {
  const { storageId, ...file } = useNewestFile();
  return (
    <FileImage storageId={storageId} file={file} alt="The picture that came last" width={240} />
  );
}

/** They come with the first component, and not with every page of the site. */
function addStyles(): void {
  if (document.querySelector(`link[href="${styles}"]`)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: styles });
  document.head.append(link);
}

/** @param place says by `data-live` which component is to be shown in it */
export function show(place: HTMLElement): void {
  addStyles();
  createRoot(place).render(<Specimen name={place.dataset.live as LiveName} />);
}
