/** What the build was told. The only reader of `import.meta.env`. */
export const env = {
  /** The Fermata server's origin; people are asked for it where it is empty and no link names one. */
  serverOrigin: originOf(import.meta.env.VITE_FERMATA_URL),
};

function originOf(value: unknown): string | null {
  return typeof value === "string" && URL.canParse(value) ? new URL(value).origin : null;
}
