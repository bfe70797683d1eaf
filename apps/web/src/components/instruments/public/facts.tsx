import type { PublicInstrument } from "@fermata/contract";

export function Facts({ instrument }: { instrument: PublicInstrument }) {
  const facts = [
    ["Maker", instrument.maker],
    ["Year", instrument.year],
    ["Serial", instrument.serial],
    ["Size", instrument.size],
    ["Case", instrument.case],
    ["Condition", instrument.condition],
  ].filter(([, value]) => value);
  if (facts.length === 0) return null;
  return (
    <dl className="mt-6 text-base max-md:mt-7">
      {facts.map(([term, value]) => (
        <div
          key={term}
          className="grid grid-cols-[112px_minmax(0,1fr)] border-t py-[11px] max-md:grid-cols-[100px_minmax(0,1fr)]"
        >
          <dt className="text-muted-foreground">{term}</dt>
          <dd className="whitespace-pre-line">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
