import { placeholderUrl } from "@fermata/api";
import type { PublicInstrument } from "@fermata/contract";
import { cn } from "../../../lib/cn";
import { averageColour } from "../../../lib/thumb-hash";

export type PictureSource = NonNullable<PublicInstrument["items"][number]["picture"]>;

interface PictureProps {
  picture: PictureSource;
  alt: string;
  /** How wide it is shown, as in `<img sizes>`. */
  sizes: string;
  /** Of what is seen first. */
  eager?: boolean;
  /** Stands on a blurred picture instead of one colour: kilobytes each, where the page is made on the server. */
  blurred?: boolean;
  className?: string;
}

/** A picture in the smallest format and size that does, over its placeholder. It needs no script. */
export function Picture({
  picture,
  alt,
  sizes,
  eager = false,
  blurred = eager,
  className,
}: PictureProps) {
  const { url, width, height, thumbHash, variants } = picture;
  const sets = ["image/avif", "image/webp"].flatMap((type) => {
    const copies = variants.filter(({ contentType }) => contentType === type);
    return copies.length > 0 ? [{ type, copies }] : [];
  });
  return (
    <picture className="contents">
      {sets.map(({ type, copies }) => (
        <source
          key={type}
          type={type}
          srcSet={copies.map((copy) => `${copy.url} ${copy.width}w`).join(", ")}
          sizes={sizes}
        />
      ))}
      <img
        src={url}
        alt={alt}
        {...(width && height && { width, height })}
        loading={eager ? "eager" : "lazy"}
        decoding="async"
        {...(eager && { fetchPriority: "high" as const })}
        className={cn("bg-cover bg-muted bg-center", className)}
        {...(thumbHash && {
          style: blurred
            ? { backgroundImage: `url(${placeholderUrl(thumbHash)})` }
            : { backgroundColor: averageColour(thumbHash) },
        })}
      />
    </picture>
  );
}
