"use client";

import {
  FileImage,
  MediaImage,
  MediaVideo,
  UploadButton,
  UploadDropzone,
  UploadQueue,
} from "@fermata/api/react";
import { useState } from "react";
import { Page } from "../ui/page";
import { Switch } from "../ui/switch";
import { arabicWords } from "./arabic-words";
import { OwnCamera } from "./own-camera";
import { Specimen } from "./specimen";
import { useSamples } from "./use-samples";

/** What `@fermata/api/react` has to show, at work on this installation. */
export function GalleryPage() {
  const [rightToLeft, setRightToLeft] = useState(false);
  const { storageId, picture, clip, setStorageId } = useSamples();
  const words = rightToLeft ? { words: arabicWords } : {};
  const common = { rightToLeft };
  return (
    <Page
      title="Components"
      sub="What @fermata/api/react shows, at work here. Files that nothing holds are gone in a day."
      actions={
        <span className="flex items-center gap-2 text-sm">
          <span aria-hidden="true">Right to left</span>
          <Switch label="Right to left" checked={rightToLeft} onChange={setRightToLeft} />
        </span>
      }
    >
      <div className="grid @min-[52rem]/page:grid-cols-2 grid-cols-1 gap-x-10 gap-y-9 [--fermata-accent:var(--primary)] [--fermata-surface:var(--card)]">
        <Specimen
          {...common}
          name="UploadButton"
          about="Uploads what is chosen, dropped on it or pasted, and says how far it is."
          code={`<UploadButton label="Add a picture" accept="image/*" onUploaded={save} />`}
        >
          <UploadButton
            label={rightToLeft ? "أضف صورة" : "Add a picture"}
            accept="image/*"
            onUploaded={({ kind, result }) => {
              if (kind === "file" && result) setStorageId(result.storageId);
            }}
            {...words}
          />
        </Specimen>
        <Specimen
          {...common}
          name="FileImage"
          about="A stored picture in the smallest copy that does, over its blurred placeholder."
          code={`<FileImage storageId={storageId} alt="The fallboard" width={240} />`}
        >
          {storageId ? (
            <FileImage storageId={storageId} alt="The picture that came last" width={240} />
          ) : (
            <Nothing>Add a picture, and it is shown here.</Nothing>
          )}
        </Specimen>
        <Specimen
          {...common}
          name="UploadDropzone"
          about="A place for files, with a line for each: click, keyboard, drop and paste."
          code={`<UploadDropzone label="Photos and clips" target={{ kind: "media" }} queue="shared" />`}
        >
          <UploadDropzone
            label={rightToLeft ? "صور ومقاطع" : "Photos and clips"}
            target={{ kind: "media", options: { visibility: "private" } }}
            accept="image/*, video/*, audio/*"
            maxBytes={2 * 1024 ** 3}
            queue="shared"
            {...words}
          />
        </Specimen>
        <Specimen
          {...common}
          name="UploadQueue"
          about="All uploads of the app, from whichever page they were begun."
          code="<UploadQueue />"
        >
          <UploadQueue {...words} />
          <Nothing>It is not there while there are none.</Nothing>
        </Specimen>
        <Specimen
          {...common}
          name="MediaImage"
          about="A photo, or a clip’s poster, with its copies in AVIF and WebP. Nothing moves when it comes."
          code={`<MediaImage media={media} alt="The soundboard" sizes="360px" />`}
        >
          {picture ? (
            <MediaImage media={picture} alt={picture.filename} sizes="360px" />
          ) : (
            <Nothing>Upload a photo, and it is shown here.</Nothing>
          )}
        </Specimen>
        <Specimen
          {...common}
          name="MediaVideo"
          about="A clip or a recording with the browser’s own controls."
          code={`<MediaVideo media={media} label="The first movement" />`}
        >
          {clip ? (
            <MediaVideo media={clip} label={clip.filename} />
          ) : (
            <Nothing>Upload a clip, and it is played here.</Nothing>
          )}
        </Specimen>
        <Specimen
          {...common}
          name="PeerVideo"
          about="Who takes part in a call, or oneself: the picture, or the name while the camera is off."
          code="<PeerVideo peer={peer} />"
        >
          <OwnCamera {...words} />
        </Specimen>
      </div>
    </Page>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <p dir="ltr" className="text-muted-foreground text-sm only:block [&:not(:only-child)]:hidden">
      {children}
    </p>
  );
}
