"use client";

import dynamic from "next/dynamic";
import type { LiveName } from "./place-live";

/** Comes with the page that shows it, and with no other. */
const Specimen = dynamic(() => import("./specimen"), { ssr: false });

/** A component of `@fermata/api/react` at work, by its name. */
export function Live({ name }: { name: LiveName }) {
  return (
    <div className="not-prose live" data-live={name}>
      <Specimen name={name} />
    </div>
  );
}
