import { randomUUID } from "node:crypto";
import { uploadMedia } from "./media-uploads";
import type { Rpc } from "./rpc";
import { png } from "./samples";

/** An instrument that everybody can see, with so many public photographs. */
export async function publishInstrument(
  rpc: Rpc,
  photographs: number,
): Promise<{ instrumentId: string; slug: string }> {
  const photos = await Promise.all(
    Array.from({ length: photographs }, (_, at) =>
      uploadMedia(rpc, png([20 * at, 110, 80], 400), {
        filename: `photograph-${at}.png`,
        contentType: "image/png",
        visibility: "public",
      }),
    ),
  );
  const { data } = await rpc.mutate("instruments.create", {
    name: "Brandt upright",
    slug: `brandt-${randomUUID().slice(0, 8)}`,
    description: "A tall upright in walnut.",
    seller: "Marlow & Finch, Bergen",
    contact: "shop@example.com",
  });
  const { instrumentId, slug } = data;
  await rpc.mutate("instruments.addMedia", { instrumentId, keys: photos.map(({ key }) => key) });
  await rpc.mutate("instruments.publish", { instrumentId, published: true });
  return { instrumentId, slug };
}
