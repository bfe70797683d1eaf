import type { ImageFacts } from "../../images/read-image-facts";

/** What is known of bytes that are stored and verified. */
export interface StoredFacts {
  contentType: string;
  sizeBytes: number;
  sha256: string;
  image: ImageFacts | null;
}
