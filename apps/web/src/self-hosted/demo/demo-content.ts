/** Pictures, a clip and a sound of this project's own, in `apps/web/demo`. */
interface DemoItem {
  file: string;
  contentType: string;
  alt: string;
  caption?: string;
}

interface DemoInstrument {
  details: {
    name: string;
    maker: string;
    year: string;
    description: string;
    condition: string;
    size: string;
    case: string;
    price: string;
    seller: string;
    contact: string;
    workshopNotes: { when: string; text: string }[];
  };
  items: DemoItem[];
  report?: string;
  published: boolean;
}

const photo = (name: string, alt: string, caption?: string): DemoItem => ({
  file: `${name}.jpg`,
  contentType: "image/jpeg",
  alt,
  ...(caption && { caption }),
});

export const demoInstruments: DemoInstrument[] = [
  {
    details: {
      name: "Osterlind 204",
      maker: "Osterlind, Gothenburg",
      year: "1968, rebuilt 2024",
      description:
        "A grand of two metres with a long, singing treble. Strung anew, with its first soundboard.",
      condition: "Concert condition. Two hairline marks on the lid.",
      size: "204 cm long, 150 cm wide, 342 kg",
      case: "Black, hand polished",
      price: "Price on request",
      seller: "Marlow & Finch, Bergen",
      contact: "shop@example.com",
      workshopNotes: [
        { when: "Nov 2023", text: "Strung anew, copper-wound bass set." },
        { when: "Feb 2024", text: "Hammers felted and voiced." },
      ],
    },
    items: [
      photo("grand", "The grand with its lid up, beside a window"),
      photo("keys", "The keys, from the bass end"),
      photo("strings", "Strings over the bridge", "The new strings, a week after stringing."),
      photo("hammers", "A row of hammers"),
      photo("pins", "Tuning pins"),
      photo("fallboard", "The maker's name on the fallboard"),
      {
        file: "first-notes.mp4",
        contentType: "video/mp4",
        alt: "The first notes",
        caption: "The first notes. A chord, let ring.",
      },
      {
        file: "chord.m4a",
        contentType: "audio/mp4",
        alt: "A chord",
        caption: "A chord. Played once, and held until it is gone.",
      },
    ],
    report: "Condition report",
    published: true,
  },
  {
    details: {
      name: "Brandt upright No. 71",
      maker: "Brandt, Hamburg",
      year: "1931",
      description: "A tall upright in walnut, with ivory keys and a warm bass.",
      condition: "Playing. The left pedal wants a new spring.",
      size: "132 cm high, 151 cm wide",
      case: "Walnut, French polish",
      price: "Not yet for sale",
      seller: "Marlow & Finch, Bergen",
      contact: "shop@example.com",
      workshopNotes: [{ when: "May 2025", text: "Case restored in walnut." }],
    },
    items: [
      photo("upright", "The upright from the front"),
      photo("walnut", "The grain of its walnut"),
      photo("ivory", "Its ivory keys"),
      photo("pedals", "The pedals"),
    ],
    published: false,
  },
];

/** On no instrument. */
export const demoMedia: (Pick<DemoItem, "file" | "contentType"> & { visibility: "private" })[] = [
  { file: "score.jpg", contentType: "image/jpeg", visibility: "private" },
  { file: "grand-walnut.jpg", contentType: "image/jpeg", visibility: "private" },
];

export const demoRoom = { name: "Tuesday lesson", capacity: 2 };
