import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimedTypeOf, isActiveType, isInertType, isTextType, unknownType } from "./content-types";
import { decideType, type TypeQuestion, typeRules } from "./decide-type";
import type { ByteFacts } from "./sniff-facts";

const types = [
  "text/plain",
  "text/csv",
  "text/x-whatever",
  "text/html",
  "text/javascript",
  "text/css",
  "image/svg+xml",
  "application/json",
  "application/xml",
  "application/gpx+xml",
  "application/pdf",
  "application/zip",
  "application/gzip",
  "application/x-cfb",
  "application/msword",
  "application/vnd.ms-excel",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/epub+zip",
  "application/rtf",
  "application/x-msdownload",
  "application/x-elf",
  "application/x-unheard-of",
  "application/wasm",
  "image/jpeg",
  "image/png",
  "image/apng",
  "image/heic",
  "image/heif",
  "image/tiff",
  "image/x-nikon-nef",
  "image/x-tga",
  "audio/mpeg",
  "audio/flac",
  "audio/mp4",
  "audio/x-m4a",
  "audio/webm",
  "audio/ogg",
  "application/ogg",
  "video/webm",
  "video/matroska",
  "video/mp4",
  "video/quicktime",
  "video/mp2t",
  "video/mpeg",
];
fc.configureGlobal({ numRuns: 3000 });

const endings = "txt csv md html svg js docx doc xls heic mp4 webm ts gpx png exe unheard".split(
  " ",
);

const facts: fc.Arbitrary<ByteFacts> = fc.oneof(
  fc.record({
    signature: fc.option(fc.constantFrom(...types.filter((type) => !isTextType(type)))),
    isTaggedSound: fc.constant(false),
    text: fc.constant(null),
    isNearlyText: fc.boolean(),
    isQuoted: fc.constant(false),
    isPage: fc.constant(false),
  }),
  fc.constant({
    signature: "audio/mpeg",
    isTaggedSound: true,
    text: null,
    isNearlyText: false,
    isQuoted: false,
    isPage: false,
  }),
  fc.record({
    signature: fc.option(fc.constantFrom("application/pdf", "application/xml", "application/rtf")),
    isTaggedSound: fc.constant(false),
    text: fc.constantFrom("utf-8", "utf-16le", "unknown-8bit"),
    isNearlyText: fc.constant(false),
    isQuoted: fc.boolean(),
    isPage: fc.boolean(),
  }),
);
const question: fc.Arbitrary<TypeQuestion> = fc.record({
  claimed: fc.option(fc.constantFrom(...types)),
  filename: fc.option(fc.constantFrom(...endings).map((ending) => `a.${ending}`)),
  facts,
});
const typeOf = (asked: TypeQuestion): string | null => {
  const decision = decideType(asked);
  return "type" in decision ? decision.type : null;
};

describe("the type that is stored", () => {
  test("is never one that browsers run", () => {
    fc.assert(fc.property(question, (asked) => !isActiveType(typeOf(asked) ?? unknownType)));
  });

  test("is shown in place only where the bytes themselves say so", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const type = typeOf(asked) ?? unknownType;
        const { text, signature, isTaggedSound } = asked.facts;
        if (!isInertType(type)) return true;
        return type === "text/plain" ? text !== null : signature !== null || isTaggedSound;
      }),
    );
  });

  test("is found for whatever is sent without a claim", () => {
    fc.assert(fc.property(question, (asked) => typeOf({ ...asked, claimed: null }) !== null));
  });

  test("is found again when it is claimed itself", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const type = typeOf(asked);
        if (type === null) return true;
        return typeOf({ ...asked, claimed: claimedTypeOf(type) }) === type;
      }),
    );
  });

  test("is what was claimed, or what the bytes or the name say", () => {
    fc.assert(
      fc.property(question, ({ filename, ...asked }) => {
        const type = typeOf({ ...asked, filename: null });
        const { signature } = asked.facts;
        const asSound = asked.claimed?.startsWith("audio/")
          ? signature?.replace(/^(video|application)/, "audio")
          : null;
        const told = [asked.claimed, signature, asSound, unknownType, "text/plain", null];
        return told.includes(type);
      }),
    );
  });

  test("is refused in words that name the claim", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const decision = decideType(asked);
        return "type" in decision || decision.refusal.includes(asked.claimed ?? "?");
      }),
    );
  });
});

test("the documentation prints the rules", async () => {
  const rows = typeRules.map(({ claim, bytes, outcome }) => `| ${claim} | ${bytes} | ${outcome} |`);
  const page = [
    "# The type that a file is stored under",
    "",
    "The bytes decide, with the claim (`Content-Type`, or the grant's `contentType`) and the name as witnesses. The first row that fits counts; this table is",
    "the code's own (`packages/server/src/bytes/decide-type.ts`). *Bytes* is `application/octet-stream`, a download.",
    "",
    "| claimed | what the bytes are | stored as |",
    "| --- | --- | --- |",
    ...rows,
    "",
    "- Names of one type are one: `image/jpg`, `application/x-zip-compressed`, `audio/x-m4a; codecs=…`. `multipart/form-data` is refused: send the bytes, no form.",
    "- Text is looked at to its last byte. It is served with the encoding that its bytes tell (UTF-8, UTF-16), else with the `charset` that was claimed, else without",
    "  one, since readers guess better than a wrong word would let them. Metadata name the type alone.",
    "- JSON that does not parse is `text/plain`.",
    "- Of media, which the store serves under the type that was signed, pictures, films and sounds are held against the same rows; the type stays as claimed.",
    "- Shown in place: PNG, JPEG, GIF, WebP, AVIF, MP3, MP4, WAV, Ogg, WebM, QuickTime and plain text. Everything else is a download, and all of it has `nosniff`.",
    "",
  ].join("\n");
  const path = fileURLToPath(new URL("../../../../docs/file-types.md", import.meta.url));
  await expect(page).toMatchFileSnapshot(path);
});

test("an MPO goes as the JPEG that it begins with", () => {
  expect(claimedTypeOf("image/mpo")).toBe("image/jpeg");
  expect(claimedTypeOf("image/x-mpo; charset=binary")).toBe("image/jpeg");
});
