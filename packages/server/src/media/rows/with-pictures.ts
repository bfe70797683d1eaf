import type { Media } from "@fermata/contract";
import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import type { MediaVariantModel } from "../../generated/prisma/models/MediaVariant";
import { readUrl } from "../verbs/get-media-url";
import { toMedia } from "./to-media";
import { readVariantUrl } from "./variant-url";

type Ctx = Pick<Services, "db" | "objects" | "clock"> & { origin: string };
type Variant = NonNullable<Media["variants"]>[number];

/** The row as clients see it, with its smaller copies and, for a clip, the picture that stands for it. */
export async function withPictures(ctx: Ctx, media: MediaModel): Promise<Media> {
  const [whole] = await withPicturesOf(ctx, [media]);
  return whole ?? toMedia(ctx, media);
}

/** The same for many rows, in their order, by two queries. */
export async function withPicturesOf(ctx: Ctx, rows: MediaModel[]): Promise<Media[]> {
  const ids = rows.map(({ id }) => id);
  const posters = await ctx.db.media.findMany({ where: { posterOfId: { in: ids } } });
  const variants = await ctx.db.mediaVariant.findMany({
    where: {
      mediaId: { in: [...ids, ...posters.map(({ id }) => id)] },
      readyAt: { not: null },
    },
    orderBy: [{ contentType: "asc" }, { width: "asc" }],
  });
  const variantsOf = (mediaId: string) =>
    toVariants(
      ctx,
      variants.filter((variant) => variant.mediaId === mediaId),
    );
  return Promise.all(
    rows.map(async (media) => {
      const poster = posters.find(({ posterOfId }) => posterOfId === media.id);
      // Of a clip these are its poster's: it has none of its own.
      const own = await variantsOf(poster?.id ?? media.id);
      const thumbHash = media.thumbHash ?? poster?.thumbHash;
      return {
        ...toMedia(ctx, media),
        ...(own.length > 0 && { variants: own }),
        ...(thumbHash && { thumbHash }),
        ...(poster && { posterUrl: await readUrl(ctx, poster) }),
      };
    }),
  );
}

function toVariants(ctx: Ctx, variants: MediaVariantModel[]): Promise<Variant[]> {
  return Promise.all(
    variants.map(async (variant) => ({
      width: variant.width,
      height: variant.height,
      contentType: variant.contentType,
      url: await readVariantUrl(ctx, variant),
    })),
  );
}
