import type { HostTransaction } from "../ground/transaction";

/** Who asks for an upload, as the app's `identify` said. */
export interface Uploader {
  userId: string;
  name: string | null;
  tenantId: string | null;
  isAdmin: boolean;
}

/** What the browser says of a file before a byte of it is sent. */
export interface AnnouncedFile {
  filename: string | null;
  contentType: string | null;
  sizeBytes: number | null;
}

/** A file, or media, whose bytes are here and verified. */
export interface ArrivedFile {
  /** Of a file: `storageId`, for the column that owns it. Of media: their `key`. */
  storageId: string;
  filename: string | null;
  contentType: string;
  sizeBytes: number;
  /** Hexadecimal; null for media, whose bytes the server does not read. */
  sha256: string | null;
  uploaderId: string;
}

/** A parser of what the browser gives along, such as a zod schema. */
export interface InputParser<Given> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Given }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

export interface RuleOptions<Given> {
  /** `file` for small private ones, through the server; `media` for heavy ones, straight to the store. Default `file`. */
  kind?: "file" | "media";
  /** Accepted media types, such as `application/pdf` or `image/*`. Default: what is accepted everywhere. */
  types?: readonly string[];
  /** At most so many bytes. Default: 5 MiB of a file, 5 TiB of media. */
  maxBytes?: number;
  /** What the browser gives along. Default: nothing. */
  input?: InputParser<Given>;
}

/** What may be uploaded under one name, by whom, and what then happens. */
export interface UploadRule<Given = unknown> {
  readonly kind: "file" | "media";
  readonly types: readonly string[] | null;
  readonly maxBytes: number | null;
  readonly input: InputParser<Given> | null;
  /** Carries the type of the input to the client. */
  readonly _input?: Given;
  isAllowed(asked: { who: Uploader; input: Given; file: AnnouncedFile }): Promise<boolean>;
  /** Runs in the transaction that makes the row ready: exactly once, or the upload has failed. */
  finish(arrived: { tx: HostTransaction; file: ArrivedFile; input: Given }): Promise<void>;
}

export interface UploadRuleBuilder<Given> extends UploadRule<Given> {
  /** False refuses the upload with FORBIDDEN, before a byte is sent. */
  allow(
    check: (asked: {
      who: Uploader;
      input: Given;
      file: AnnouncedFile;
    }) => boolean | Promise<boolean>,
  ): UploadRuleBuilder<Given>;
  /** Where it throws, nothing of the upload stays: not the row, not the bytes, not what the quota counted. */
  done(
    work: (arrived: {
      tx: HostTransaction;
      file: ArrivedFile;
      input: Given;
    }) => void | Promise<void>,
  ): UploadRuleBuilder<Given>;
}

/** Begins a rule: `upload({ types, maxBytes, input }).allow(…).done(…)`. */
export function upload<Given = undefined>(
  options: RuleOptions<Given> = {},
): UploadRuleBuilder<Given> {
  const { kind = "file", types = null, maxBytes = null, input = null } = options;
  return build({
    kind,
    types,
    maxBytes,
    input,
    isAllowed: async () => true,
    finish: async () => {},
  });
}

function build<Given>(rule: UploadRule<Given>): UploadRuleBuilder<Given> {
  return {
    ...rule,
    allow: (check) => build({ ...rule, isAllowed: async (asked) => check(asked) }),
    done: (work) => build({ ...rule, finish: async (arrived) => work(arrived) }),
  };
}

/** Rules by the names that clients upload under. */
export type UploadRules = Readonly<Record<string, UploadRule>>;
