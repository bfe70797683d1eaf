import type { PublicInstrument } from "@fermata/contract";
import { cn } from "../../../lib/cn";
import { tellApart } from "../../../lib/tell-apart";
import { AudioPlayer } from "../../ui/audio-player";
import { Clip } from "./clip";

type Item = PublicInstrument["items"][number];

/** The first clip is wide; where there are more, they stand in pairs. */
export function Clips({ clips, name }: { clips: Item[]; name: string }) {
  const labels = tellApart(clips.map(({ caption, alt }) => caption || alt || `Clip of ${name}`));
  return (
    <div
      className={cn(
        "mt-7 grid gap-x-3 gap-y-6 max-md:gap-y-5",
        clips.length > 1 && "md:grid-cols-2",
      )}
    >
      {clips.map((clip, index) => (
        <figure key={clip.itemId} className="min-w-0">
          {clip.contentType.startsWith("audio/") || (clip.waveform && !clip.picture) ? (
            <div className="grid aspect-video content-center bg-muted p-6">
              <AudioPlayer url={clip.url} label={labels[index] ?? name} waveform={clip.waveform} />
            </div>
          ) : (
            <Clip clip={clip} label={labels[index] ?? name} />
          )}
          <figcaption className="mt-2.5 text-muted-foreground text-sm max-md:px-5">
            <Caption text={clip.caption || clip.alt} />
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

/** Its first sentence is what it is; the rest says more. */
function Caption({ text }: { text: string }) {
  const [, title, rest] = /^(.{1,60}?)\. (.+)$/s.exec(text) ?? [];
  if (!title) return text;
  return (
    <>
      <b className="mr-2 font-semibold text-foreground">{title}</b> {rest}
    </>
  );
}
