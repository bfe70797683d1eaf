import type { ReactNode } from "react";

/** Names and what they are, line by line. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl>
      {facts.map(([name, value]) => (
        <div
          key={name}
          className="grid grid-cols-[170px_minmax(0,1fr)] gap-3 border-b py-2.5 text-sm max-md:grid-cols-1 max-md:gap-y-0.5"
        >
          <dt className="font-medium">{name}</dt>
          <dd className="min-w-0 break-words tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
