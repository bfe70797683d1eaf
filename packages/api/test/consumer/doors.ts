import { createFermata, type FermataCore } from "@fermata/api/core";
import { uploadFile } from "@fermata/api/files";
import { createPauseControl, uploadMedia } from "@fermata/api/media";
import { createPeerRoom } from "@fermata/api/rooms";

const client: FermataCore = createFermata({ url: "https://example.com" });

export async function send(file: File): Promise<string[]> {
  const { storageId } = await uploadFile(client, file);
  const { key } = await uploadMedia(client, file, { pause: createPauseControl() });
  return [storageId, key];
}

export const room = () => createPeerRoom({ client, roomId: "r", displayName: "Ines" });
