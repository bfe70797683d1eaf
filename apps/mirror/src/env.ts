/** What the page was told: by whoever serves it, else by the build. The only reader of `import.meta.env`. */
export const env = {
  /** The Fermata server's origin; people are asked for it where it is empty and no link names one. */
  serverOrigin: originOf(servedBy()) ?? originOf(import.meta.env.VITE_FERMATA_URL),
};

function servedBy(): unknown {
  if (typeof document === "undefined") return null;
  return document.querySelector<HTMLMetaElement>('meta[name="fermata-server"]')?.content;
}

function originOf(value: unknown): string | null {
  return typeof value === "string" && URL.canParse(value) ? new URL(value).origin : null;
}
