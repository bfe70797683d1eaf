import type { PublicInstrument } from "@fermata/contract";
import { cn } from "../../../lib/cn";
import { Sign } from "../../ui/sign";
import { Clips } from "./clips";
import { Documents } from "./documents";
import { Facts } from "./facts";
import { Gallery } from "./gallery";
import { MirrorBand } from "./mirror-band";
import { Offer } from "./offer";
import { Workshop } from "./workshop";

/** What a visitor sees. Everything but the full-screen view works without a script. */
export function InstrumentPage({ instrument }: { instrument: PublicInstrument }) {
  const { name, description, maker, year, items, coverItemId, published } = instrument;
  const photos = items.filter(({ kind }) => kind === "photo");
  const clips = items.filter(({ kind }) => kind === "clip");
  // The cover comes first; the others keep their order.
  const ordered = photos.toSorted(
    (a, b) => Number(b.itemId === coverItemId) - Number(a.itemId === coverItemId),
  );
  return (
    <div className="flex min-h-dvh flex-col bg-background">
      {!published && <DraftBar />}
      <Masthead seller={instrument.seller} />
      <main
        className={cn(
          "mx-auto grid w-full max-w-[1440px] flex-1 content-start gap-x-14 px-14 pb-14",
          "lg:grid-cols-[minmax(0,864fr)_minmax(340px,408fr)] lg:grid-rows-[auto_1fr]",
          "max-lg:px-8 max-md:px-0 max-md:pb-0",
        )}
      >
        <div className="min-w-0 lg:row-span-2">
          {ordered.length > 0 && <Gallery name={name} photos={ordered} />}
          {items.length === 0 && <NoPictures />}
          {clips.length > 0 && (
            <div className="max-lg:hidden">
              <Clips clips={clips} name={name} />
            </div>
          )}
        </div>
        <div className="max-lg:pt-8 max-md:px-5 max-md:pt-5">
          <p className="text-muted-foreground text-sm max-md:hidden">
            {[maker, year].filter(Boolean).join(" / ")}
          </p>
          <h1 className="mt-1 text-balance font-display text-[54px] leading-[1.08] tracking-[-0.02em] max-md:mt-0 max-md:text-[36px]">
            {name}
          </h1>
          {description && (
            <p className="mt-5 whitespace-pre-line font-display text-[20px] leading-[1.5] max-md:mt-2 max-md:text-[18px]">
              {description}
            </p>
          )}
          <Offer instrument={instrument} />
        </div>
        <div className="max-md:px-5 lg:mt-6">
          {clips.length > 0 && (
            <div className="max-md:-mx-5 lg:hidden">
              <Clips clips={clips} name={name} />
            </div>
          )}
          <Facts instrument={instrument} />
          <Documents documents={instrument.attachments} />
          <Workshop notes={instrument.workshopNotes} />
          {instrument.footnote && (
            <p className="mt-6 whitespace-pre-line text-muted-foreground text-sm leading-[1.6]">
              {instrument.footnote}
            </p>
          )}
        </div>
      </main>
      {instrument.viewingUrl && <MirrorBand name={name} url={instrument.viewingUrl} />}
      <footer className="mx-auto flex w-full max-w-[1440px] flex-wrap justify-between gap-x-8 gap-y-1 px-14 py-6 text-muted-foreground text-xs max-lg:px-8 max-md:px-5">
        <span>{instrument.seller}</span>
        {items.length > 0 && <span>Photographs show this instrument.</span>}
      </footer>
    </div>
  );
}

function Masthead({ seller }: { seller: string | null }) {
  const [shop, ...place] = (seller ?? "").split(",").map((part) => part.trim());
  return (
    <header className="mx-auto flex w-full max-w-[1440px] items-baseline justify-between gap-6 px-14 pt-[22px] pb-6 max-lg:px-8 max-md:px-5 max-md:py-3.5">
      {shop ? (
        <p className="font-display text-[24px] leading-8 tracking-[-0.01em]">{shop}</p>
      ) : (
        <Sign className="h-6 w-8 text-primary" />
      )}
      <p className="text-muted-foreground text-sm">{place.join(", ")}</p>
    </header>
  );
}

function DraftBar() {
  return (
    <p className="border-b border-b-warning-mark bg-card px-14 py-2 text-sm text-warning max-lg:px-8 max-md:px-5">
      Not published: only you see this page.
    </p>
  );
}

function NoPictures() {
  return (
    <div className="grid aspect-[1.41] place-content-center justify-items-center gap-3 bg-muted text-muted-foreground">
      <Sign className="h-9 w-12 text-border-strong" />
      <p className="text-sm">Photographs follow.</p>
    </div>
  );
}
