/** A column of the app's own tables that refers to a file: while a row names one, it is not purged. */
export interface FileOwner {
  /** As PostgreSQL has it, such as `Invoice` or `billing.Invoice`. */
  table: string;
  /** Holds `storageId`; null where the row owns none. A foreign key to File keeps a file from going under it. */
  column: string;
  /** Names the row to clients, as `attachedTo.id`. Default `id`. */
  idColumn?: string;
  /** What clients read in `attachedTo.relation`. Default `Invoice.pdfId`. */
  relation?: string;
  /** What becomes of the row when its uploader deletes the file: it lives on without it, goes too, or keeps it from going. */
  whenFileDeleted: "clear" | "deleteRow" | "refuse";
}
