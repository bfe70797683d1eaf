import type { FermataServer, UploadRule } from "@fermata/server";

/** With the rules that the pages' own snippets make. */
export declare const fermata: FermataServer<{
  invoice: UploadRule<{ invoiceId: string }>;
  avatar: UploadRule<undefined>;
  photo: UploadRule<{ instrumentId: string }>;
}>;
