import { moveFilms } from "./move-films";
import { moveGallery } from "./move-gallery";
import { moveSounds } from "./move-sounds";

/** All that moves on the page of an instrument, for its HTML. */
export const instrumentScript = [moveGallery, moveFilms, moveSounds]
  .map((move) => `(${move})()`)
  .join(";");
