"use client";

import type { Instrument } from "@fermata/contract";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { toast } from "../../lib/toasts";
import { useUnsaved } from "../../lib/unsaved";
import { useFormDirty } from "../../lib/use-form-dirty";
import { Button } from "../ui/button";
import { FailureNote } from "../ui/failure";
import { IconButton } from "../ui/icon-button";
import { Section } from "../ui/section";
import { inputClass, TextField } from "../ui/text-field";
import { TextArea } from "./text-area";
import type { InstrumentActs } from "./use-instrument";

interface DetailsFormProps {
  instrument: Instrument;
  acts: InstrumentActs;
}

type Note = Instrument["workshopNotes"][number] & { id: number };

/** Short facts, in the order of the page. */
const facts = [
  ["maker", "Maker", "Osterlind, Gothenburg"],
  ["year", "Year", "1968, rebuilt 2024"],
  ["serial", "Serial", "41 907"],
  ["size", "Size", "204 cm long, 150 cm wide, 342 kg"],
  ["case", "Case", "Black, hand polished"],
  ["price", "Price, in words", "Price on request"],
] as const;

let lastNoteId = 0;
const numbered = (note: Omit<Note, "id">): Note => ({ ...note, id: ++lastNoteId });

export function DetailsForm({ instrument, acts }: DetailsFormProps) {
  const { instrumentId } = instrument;
  const { update } = acts;
  const { dirty, saving, watch } = useFormDirty();
  useUnsaved(dirty);
  const [notes, setNotes] = useState<Note[]>(() => instrument.workshopNotes.map(numbered));
  const change = (id: number, part: Partial<Note>) =>
    setNotes(notes.map((note) => (note.id === id ? { ...note, ...part } : note)));
  return (
    <form
      {...watch}
      onSubmit={(event) => {
        event.preventDefault();
        const saved = saving();
        const fields = new FormData(event.currentTarget);
        const read = (name: string) => String(fields.get(name) ?? "");
        update.mutate(
          {
            instrumentId,
            name: read("name"),
            slug: read("slug"),
            description: read("description"),
            ...Object.fromEntries(facts.map(([name]) => [name, read(name)])),
            condition: read("condition"),
            seller: read("seller"),
            contact: read("contact"),
            viewingUrl: read("viewingUrl"),
            footnote: read("footnote"),
            workshopNotes: notes
              .filter(({ text }) => text.trim() !== "")
              .map(({ when, text }) => ({ when, text })),
          },
          {
            onSuccess: () => {
              saved();
              toast("Saved");
            },
          },
        );
      }}
    >
      <Section title="What visitors read">
        <div className="mt-4 grid grid-cols-2 gap-x-5 gap-y-4 max-md:grid-cols-1">
          <TextField
            label="Name"
            name="name"
            required
            maxLength={300}
            defaultValue={instrument.name}
          />
          <TextField
            label="Address"
            name="slug"
            required
            maxLength={80}
            pattern="[a-z0-9]+(-[a-z0-9]+)*"
            title="Small letters and digits, with single hyphens between"
            defaultValue={instrument.slug}
            hint={`/instruments/${instrument.slug}`}
          />
          <TextArea
            label="Description"
            name="description"
            maxLength={5000}
            rows={4}
            defaultValue={instrument.description ?? ""}
            className="col-span-full"
          />
          {facts.map(([name, label, placeholder]) => (
            <TextField
              key={name}
              label={label}
              name={name}
              maxLength={300}
              placeholder={placeholder}
              defaultValue={instrument[name] ?? ""}
            />
          ))}
          <TextArea
            label="Condition"
            name="condition"
            maxLength={5000}
            rows={2}
            defaultValue={instrument.condition ?? ""}
            className="col-span-full"
          />
        </div>
      </Section>
      <Section title="In the workshop" className="mt-9">
        <ul>
          {notes.map(({ id, when, text }, index) => (
            <li
              key={id}
              className="grid grid-cols-[132px_minmax(0,1fr)_auto] items-center gap-2.5 pt-2.5 max-md:grid-cols-[92px_minmax(0,1fr)_auto]"
            >
              <input
                name="note-when"
                aria-label={`When, note ${index + 1}`}
                className={inputClass}
                maxLength={300}
                placeholder="Nov 2023"
                value={when}
                onChange={({ target }) => change(id, { when: target.value })}
              />
              <input
                name="note-text"
                aria-label={`What was done, note ${index + 1}`}
                className={inputClass}
                maxLength={5000}
                placeholder="Strung anew, copper-wound bass set."
                value={text}
                onChange={({ target }) => change(id, { text: target.value })}
              />
              <IconButton
                label={`Remove note ${index + 1}`}
                onClick={() => setNotes(notes.filter((note) => note.id !== id))}
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
        <Button
          size="sm"
          className="mt-3"
          onClick={() => setNotes([...notes, numbered({ when: "", text: "" })])}
        >
          <Plus />
          Add a note
        </Button>
        <TextArea
          label="Small print"
          name="footnote"
          maxLength={5000}
          rows={2}
          placeholder="Plays at A 442. Held for you for seven days, free."
          defaultValue={instrument.footnote ?? ""}
          className="mt-4"
        />
      </Section>
      <Section title="Where visitors turn to" className="mt-9">
        <div className="mt-4 grid grid-cols-2 gap-x-5 gap-y-4 max-md:grid-cols-1">
          <TextField
            label="Offered by"
            name="seller"
            maxLength={300}
            placeholder="Marlow & Finch, Bergen"
            defaultValue={instrument.seller ?? ""}
          />
          <TextField
            label="Mail address or page to ask"
            name="contact"
            maxLength={2000}
            placeholder="shop@example.com"
            defaultValue={instrument.contact ?? ""}
          />
          <TextField
            label="Page to see and hear it from afar"
            name="viewingUrl"
            type="url"
            maxLength={2000}
            placeholder="https://"
            defaultValue={instrument.viewingUrl ?? ""}
            className="col-span-full"
          />
        </div>
      </Section>
      {update.error && <FailureNote error={update.error} />}
      <div className="mt-6 flex items-center gap-3">
        <Button type="submit" variant="primary" disabled={update.isPending}>
          {update.isPending ? "Saving…" : "Save"}
        </Button>
        {dirty && !update.isPending && (
          <span className="text-muted-foreground text-sm">Not saved yet</span>
        )}
      </div>
    </form>
  );
}
