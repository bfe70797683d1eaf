import type { FermataServer, UploadRule } from "@fermata/server";

/** As the page's own snippet makes it. */
export declare const fermata: FermataServer<{ invoice: UploadRule<"file", { invoiceId: string }> }>;
