import type { PublicInstrument } from "@fermata/contract";
import Head from "next/head";

const viewport = (
  <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
);

/** What stands in a tab, in a search and in a preview. */
export function InstrumentHead({ instrument }: { instrument: PublicInstrument | null }) {
  if (!instrument)
    return (
      <Head>
        <title>Not found · Fermata</title>
        {viewport}
        <meta name="robots" content="noindex, nofollow" />
      </Head>
    );
  const { name, description, seller, published, publicUrl } = instrument;
  const summary = description ? description.slice(0, 300) : `${name}, with photographs.`;
  const image = previewOf(instrument);
  return (
    <Head>
      <title>{seller ? `${name} · ${seller}` : name}</title>
      {viewport}
      <meta name="description" content={summary} />
      <meta name="robots" content={published ? "index, follow" : "noindex, nofollow"} />
      <link rel="canonical" href={publicUrl} />
      <meta property="og:title" content={name} />
      <meta property="og:description" content={summary} />
      <meta property="og:url" content={publicUrl} />
      <meta property="og:type" content="website" />
      {seller && <meta property="og:site_name" content={seller} />}
      {image && <meta property="og:image" content={image.url} />}
      {image && <meta property="og:image:alt" content={image.alt} />}
      {image?.width && <meta property="og:image:width" content={String(image.width)} />}
      {image?.height && <meta property="og:image:height" content={String(image.height)} />}
      <meta name="twitter:card" content={image ? "summary_large_image" : "summary"} />
    </Head>
  );
}

/** The cover, about as large as previews are shown. */
function previewOf({ items, coverItemId, name }: PublicInstrument) {
  const item = items.find(({ itemId }) => itemId === coverItemId);
  if (!item?.picture) return null;
  const copy = item.picture.variants
    .filter(({ contentType }) => contentType === "image/webp")
    .toSorted((a, b) => Math.abs(a.width - 1280) - Math.abs(b.width - 1280))[0];
  const { url, width, height } = copy ?? item.picture;
  return { url, width, height, alt: item.alt || name };
}
