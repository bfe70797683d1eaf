import type { PublicInstrument } from "@fermata/contract";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { InstrumentPage } from "../../../components/instruments/public/instrument-page";
import { pageClient } from "../../../page-client";

interface PageProps {
  params: Promise<{ slug: string }>;
}

/** Once a request, for the head and for the body. */
const read = cache(async (slug: string): Promise<PublicInstrument | null> => {
  if (!/^[a-z0-9-]{1,80}$/.test(slug)) return null;
  const { trpc } = await pageClient();
  return trpc.instruments.getPublic.query({ slug });
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const instrument = await read((await params).slug);
  if (!instrument) return { title: "Not found" };
  const { name, description, seller, published, publicUrl } = instrument;
  const title = { absolute: seller ? `${name} · ${seller}` : name };
  const summary = description ? description.slice(0, 300) : `${name}, with photographs.`;
  const image = previewOf(instrument);
  return {
    title,
    description: summary,
    robots: { index: published, follow: published },
    alternates: { canonical: publicUrl },
    openGraph: {
      title: name,
      description: summary,
      url: publicUrl,
      type: "website",
      ...(seller && { siteName: seller }),
      ...(image && { images: [image] }),
    },
    twitter: { card: image ? "summary_large_image" : "summary" },
  };
}

export default async function Page({ params }: PageProps) {
  const instrument = await read((await params).slug);
  if (!instrument) notFound();
  return <InstrumentPage instrument={instrument} />;
}

/** The cover, about as large as previews are shown. */
function previewOf({ items, coverItemId, name }: PublicInstrument) {
  const item = items.find(({ itemId }) => itemId === coverItemId);
  if (!item?.picture) return null;
  const copy = item.picture.variants
    .filter(({ contentType }) => contentType === "image/webp")
    .toSorted((a, b) => Math.abs(a.width - 1280) - Math.abs(b.width - 1280))[0];
  const { url, width, height } = copy ?? item.picture;
  return { url, alt: item.alt || name, ...(width && height && { width, height }) };
}
