import type { PublicInstrument } from "@fermata/contract";

/** What was done to it, and when. */
export function Workshop({ notes }: { notes: PublicInstrument["workshopNotes"] }) {
  if (notes.length === 0) return null;
  return (
    <section aria-labelledby="workshop" className="mt-7">
      <h2 id="workshop" className="font-display text-[20px] leading-7">
        In the workshop
      </h2>
      <dl className="mt-2 text-base">
        {notes.map(({ when, text }) => (
          <div
            key={`${when} ${text}`}
            className="grid grid-cols-[112px_minmax(0,1fr)] py-[5px] max-md:grid-cols-[100px_minmax(0,1fr)]"
          >
            <dt className="text-muted-foreground">{when}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
