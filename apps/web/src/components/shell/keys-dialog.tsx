"use client";

import { useEffect, useState } from "react";
import { destinationsFor, settingsFor } from "../../lib/navigation";
import { useShortcuts } from "../../lib/shortcuts";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Kbd } from "../ui/kbd";
import { useReader } from "./me";

const openEvent = "fermata:keys";

export function openKeysDialog(): void {
  window.dispatchEvent(new Event(openEvent));
}

type KeyLine = readonly [keys: string[], does: string];

const everywhere: KeyLine[] = [
  [["⌘ K", "Ctrl K"], "Search and commands"],
  [["?"], "This list"],
  [["Z"], "Undo what was just done"],
  [["Esc"], "Close"],
];

const lists: KeyLine[] = [
  [["/"], "Search on the page"],
  [["J", "K"], "Next and previous row"],
  [["Enter"], "Open"],
  [["U"], "Upload"],
  [["X"], "Select the row"],
  [["Shift ↑", "Shift ↓"], "Select several rows"],
  [["L"], "Copy the link of what is open or selected"],
  [["Del"], "Delete files, with Undo"],
];

const jobs: KeyLine[] = [
  [["R"], "Run the open job now"],
  [["P"], "Pause or resume the open job"],
];

/** All keys, and only those that do something. */
export function KeysDialog() {
  const reader = useReader();
  const [open, setOpen] = useState(false);
  useShortcuts({ "?": () => setOpen(true) });
  useEffect(() => {
    const show = () => setOpen(true);
    window.addEventListener(openEvent, show);
    return () => window.removeEventListener(openEvent, show);
  }, []);
  const pages = [...destinationsFor(reader), ...settingsFor(reader)].map(
    ({ key, label }): KeyLine => [[`G ${key.toUpperCase()}`], label],
  );
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="All keys"
      description="Single keys sleep while you type. They can be turned off in Settings."
      className="w-[620px]"
      actions={
        <Button data-autofocus="" onClick={() => setOpen(false)}>
          Close
        </Button>
      }
    >
      <div className="mt-4 grid gap-x-10 gap-y-5 md:grid-cols-2">
        <div className="grid content-start gap-y-5">
          <KeyList title="Everywhere" lines={everywhere} />
          <KeyList title="Files and media" lines={lists} />
        </div>
        <div className="grid content-start gap-y-5">
          <KeyList title="Go to" lines={pages} />
          {reader.role === "admin" && <KeyList title="Crons" lines={jobs} />}
        </div>
      </div>
    </Dialog>
  );
}

function KeyList({ title, lines }: { title: string; lines: KeyLine[] }) {
  return (
    <section>
      <h3 className="border-b pb-1.5 text-muted-foreground text-xs">{title}</h3>
      <dl className="text-sm">
        {lines.map(([keys, does]) => (
          <div key={does} className="flex items-center justify-between gap-4 border-b py-1.5">
            <dt>{does}</dt>
            <dd className="flex gap-1 whitespace-nowrap">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
