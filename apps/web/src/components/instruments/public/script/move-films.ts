/**
 * One large button over the poster, in place of the browser's controls until the film has begun.
 * It goes into the page as it stands, so it knows nothing from outside of itself.
 */
export function moveFilms() {
  for (const frame of document.querySelectorAll("[data-film]")) {
    const film = frame.querySelector("video");
    const button = frame.querySelector("button");
    if (!film || !button) continue;
    const wait = (waits: boolean) => {
      film.controls = !waits;
      button.hidden = !waits;
    };
    // It may have been started before this ran. One without a poster stands at its first tenth of a second.
    wait(film.paused && film.played.length === 0);
    button.addEventListener("click", () => {
      film.play().catch(() => wait(false));
    });
    film.addEventListener("play", () => wait(false));
  }
}
