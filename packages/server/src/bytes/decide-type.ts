import mime from "mime";
import { AppError } from "../ground/errors";
import { claimedTypeOf, isActiveType, isTextType, unknownType } from "./content-types";
import type { ByteFacts } from "./sniff-facts";
import { contradictsNothing, hasSignature, hasSureSignature, morePrecise } from "./type-families";

/** All that the name under which bytes are stored depends on. */
export interface TypeQuestion {
  /** From `claimedTypeOf`. */
  claimed: string | null;
  filename: string | null;
  facts: ByteFacts;
}

export type TypeDecision =
  /** `application/octet-stream` where it cannot be told. */
  | { type: string }
  /** In words for whoever sent it. */
  | { refusal: string };

interface TypeRule {
  claim: string;
  bytes: string;
  outcome: string;
  /** @returns null where the rule is not about this */
  decide(question: TypeQuestion): TypeDecision | null;
}

/** The first rule that fits decides. `docs/file-types.md` prints them. */
export const typeRules: TypeRule[] = [
  {
    claim: "a page or a script that browsers run: HTML, SVG, JavaScript, CSS, WebAssembly",
    bytes: "any",
    outcome: "refused; sent as `application/octet-stream` it is kept as bytes",
    decide: ({ claimed }) => (claimed && isActiveType(claimed) ? refuseActive(claimed) : null),
  },
  {
    claim: "none, or `application/octet-stream`",
    bytes: "text, under a name of text: also where it begins with a format's first letters",
    outcome: "what the file's name says",
    decide: ({ claimed, filename, facts }) => {
      const byName = typeOfName(filename);
      return !claimed && isMereText(facts) && byName && isTextType(byName) ? stored(byName) : null;
    },
  },
  {
    claim: "none, or `application/octet-stream`",
    bytes: "a signature",
    outcome:
      "what the signature says, or the file's name where that is of the same family and more precise",
    decide: ({ claimed, filename, facts: { signature } }) => {
      if (claimed || !signature || isXml({ signature })) return null;
      return stored(named(filename, signature));
    },
  },
  {
    claim: "none, or `application/octet-stream`",
    bytes: "anything else",
    outcome: "bytes",
    decide: ({ claimed }) => (claimed ? null : stored(unknownType)),
  },
  {
    claim: "a kind of text, such as CSV, Markdown, JSON, YAML, subtitles, XML or source code",
    bytes: "text in UTF-8, UTF-16, or an encoding of eight bits such as Windows-1252",
    outcome: "the claim",
    decide: ({ claimed, facts }) =>
      claimed && isTextType(claimed) && isMereText(facts) ? stored(claimed) : null,
  },
  {
    claim: "a kind of text",
    bytes:
      "text but for NULs, or a few kinds of controls: a log that a crash filled up, UTF-32, EBCDIC, MARC",
    outcome: "bytes",
    decide: ({ claimed, facts: { signature, isNearlyText } }) =>
      claimed && isTextType(claimed) && isNearlyText && !signature ? stored(unknownType) : null,
  },
  {
    claim: "plain text, CSV, Markdown, JSON, YAML, XML, subtitles, a calendar or a card",
    bytes: "no text",
    outcome: "refused",
    decide: ({ claimed, facts }) =>
      claimed && surelyText.has(claimed) ? refuse(claimed, found(facts, "no text")) : null,
  },
  {
    claim:
      "another kind of text: its ending stands for something else, too, such as `.ts`, `.sub`, `.key` or `.dot`",
    bytes: "no text",
    outcome: "as without a claim",
    decide: ({ claimed, ...question }) =>
      claimed && isTextType(claimed) ? decideType({ claimed: null, ...question }) : null,
  },
  {
    claim: "a sound",
    bytes: "an ID3 tag that is longer than 64 KiB, or wrong about its length",
    outcome: "the claim",
    decide: ({ claimed, facts }) =>
      claimed?.startsWith("audio/") && facts.isTaggedSound ? stored(claimed) : null,
  },
  {
    claim: "any",
    bytes:
      "a signature of the same family: docx in zip, doc in OLE, audio or video in MP4, WebM or Ogg, HEIC in HEIF, …",
    outcome: "the more precise of the two names, and of the file's name",
    decide: ({ claimed, filename, facts: { signature } }) => {
      const precise = claimed && signature && morePrecise(claimed, signature);
      return precise ? stored(named(filename, precise)) : null;
    },
  },
  {
    claim: "an office document, or what browsers call `.ts` and `.asx` by their other meaning",
    bytes:
      "text: exports that other programs write for Excel, also as XML, RTF, TypeScript, a playlist",
    outcome:
      "what the file's name says where that is a kind of text; plain text for `.ts` and `.asx`; else bytes",
    decide: ({ claimed, filename, facts }) => {
      if (!claimed || !isMereText(facts)) return null;
      const isOther = facts.signature !== null && !isXml(facts);
      if (alsoText.has(claimed)) return facts.isPage || isOther ? null : stored("text/plain");
      if (!isOffice(claimed)) return null;
      const byName = typeOfName(filename);
      if (byName && isTextType(byName)) return stored(byName);
      return isOther ? null : stored(unknownType);
    },
  },
  {
    claim: "a picture, film, sound or office document, or any format that has a signature",
    bytes: "a page, the signature of another family, or text where the format has a signature",
    outcome: "refused",
    decide: ({ claimed, facts }) =>
      claimed && isChecked(claimed) && contradicts(claimed, facts)
        ? refuse(claimed, found(facts, "text"))
        : null,
  },
  {
    claim: "a format that always has a signature",
    bytes: "without one",
    outcome: "refused",
    decide: ({ claimed }) =>
      claimed && hasSureSignature(claimed)
        ? refuse(claimed, "something that does not begin like one")
        : null,
  },
  {
    claim: "a known format without a signature of its own",
    bytes: "nothing that contradicts it",
    outcome: "the claim",
    decide: ({ claimed, facts }) =>
      claimed && isKnown(claimed) && contradictsNothing(claimed, facts.signature)
        ? stored(claimed)
        : null,
  },
  {
    claim: "any other",
    bytes: "any",
    outcome: "as without a claim",
    decide: ({ claimed, ...question }) =>
      claimed ? decideType({ claimed: null, ...question }) : null,
  },
];

/** The type to store bytes under. Never one that browsers run. */
export function decideType(question: TypeQuestion): TypeDecision {
  for (const rule of typeRules) {
    const decision = rule.decide(question);
    if (decision) return decision;
  }
  return stored(unknownType);
}

/** Why a type that browsers run is not kept under its own name. */
export function refuseActive(claimed: string): { refusal: string } {
  return {
    refusal: `Browsers would run ${claimed}. Send it as ${unknownType} to keep it as bytes.`,
  };
}

/** What whoever sent them is told. @param found what the bytes are by their signature, where they were looked at */
export function refusedType(
  contentType: string,
  { refusal: reason }: { refusal: string },
  found?: string | null,
): AppError {
  const details = { contentType, ...(found !== undefined && { found }), reason };
  return new AppError("UNSUPPORTED_MEDIA_TYPE", details, reason);
}

/** A file's name, where it makes a type more precise. */
function named(filename: string | null, type: string): string {
  const byName = typeOfName(filename);
  return (byName && morePrecise(byName, type)) ?? type;
}

/** By its ending. Null also for what browsers run. */
export function typeOfName(filename: string | null): string | null {
  if (!filename?.includes(".")) return null;
  const ending = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  const type = claimedTypeOf(textEndings.has(ending) ? "text/plain" : mime.getType(ending));
  return type && !isActiveType(type) ? type : null;
}

/** Endings of plain text that the register of types does not have, or has for something else. */
const textEndings = new Set(
  "bat bib cfg cmd diff env go java kt lrc patch properties ps1 py rb rs swift ts tsx".split(" "),
);

function stored(type: string): TypeDecision {
  return { type: isActiveType(type) ? unknownType : type };
}

function refuse(claimed: string, bytes: string): TypeDecision {
  return { refusal: `The bytes are ${bytes}, though they were called ${claimed}.` };
}

function found({ signature, text, isPage }: ByteFacts, else_: string): string {
  if (signature) return signature;
  if (isPage) return "a page";
  return text ? "text" : else_;
}

/** A signature that text has, too. */
function isXml({ signature }: Pick<ByteFacts, "signature">): boolean {
  return signature === "application/xml";
}

function isChecked(type: string): boolean {
  return kindOf(type) !== null || isOffice(type) || hasSignature(type);
}

function contradicts(claimed: string, { text, signature, isPage }: ByteFacts): boolean {
  if (!signature) return isPage || (text !== null && (hasSignature(claimed) || isOffice(claimed)));
  // A camera's own name for a picture or film that bytes show to be a common one is no lie.
  return hasSignature(claimed) || isOffice(claimed) || kindOf(claimed) !== kindOf(signature);
}

function kindOf(type: string): "picture" | "clip" | null {
  if (type.startsWith("image/")) return "picture";
  return /^(audio|video)\//.test(type) || type === "application/ogg" ? "clip" : null;
}

function isOffice(type: string): boolean {
  return /^application\/(msword|vnd\.ms-(?!asf|fontobject)|vnd\.openxmlformats-|vnd\.oasis\.)/.test(
    type,
  );
}

/** What a text is claimed to be that is nothing else. */
const surelyText = new Set([
  "text/plain",
  "text/csv",
  "text/tab-separated-values",
  "text/markdown",
  "text/yaml",
  "text/vtt",
  "text/calendar",
  "text/vcard",
  "application/json",
  "application/xml",
  "application/x-subrip",
]);

/** Films whose ending source code or a playlist has, too. */
const alsoText = new Set([
  "video/mp2t",
  "video/x-ms-asf",
  "audio/x-ms-asf",
  "application/vnd.ms-asf",
]);

/** Text, and no PDF that is written as such. */
function isMereText({ text, signature, isQuoted }: ByteFacts): boolean {
  return text !== null && (signature !== "application/pdf" || isQuoted);
}

/** Whether anybody registered it. */
function isKnown(type: string): boolean {
  return mime.getExtension(type) !== null;
}
