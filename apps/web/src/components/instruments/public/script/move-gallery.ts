/**
 * Counts the photos as they pass, and shows one on the whole screen: arrows, Home, End and a sweep step there, Escape leaves.
 * It goes into the page as it stands, so it knows nothing from outside of itself.
 */
export function moveGallery() {
  const gallery = document.querySelector<HTMLElement>("[data-gallery]");
  if (!gallery) return;
  const part = <E extends HTMLElement>(selector: string) => gallery.querySelector(selector) as E;
  const track = part("[data-track]");
  const figures = [...track.querySelectorAll("figure")];
  const stamps = [...gallery.querySelectorAll<HTMLElement>("a[data-to]")];
  const expand = part<HTMLButtonElement>("[data-expand]");
  const viewer = part<HTMLDialogElement>("[data-viewer]");
  const stage = part("[data-stage]");
  const steps = [...viewer.querySelectorAll<HTMLButtonElement>("[data-step]")];
  const last = figures.length - 1;
  const shortestSweepPx = 48;
  let inView = 0;
  let sweepFrom = 0;

  const bounded = (to: number) => Math.min(last, Math.max(0, to));
  const countOf = (at: number) => `${at + 1} of ${figures.length}`;
  const captionOf = (at: number) => figures[at]?.dataset.caption ?? "";

  function note(at: number) {
    inView = at;
    part(":scope > div > [data-count]").textContent = countOf(at);
    const words = part(":scope > [data-words]");
    words.textContent = captionOf(at);
    words.hidden = !captionOf(at);
    for (const [index, stamp] of stamps.entries())
      if (index === at && !("view" in stamp.dataset)) stamp.setAttribute("aria-current", "true");
      else stamp.removeAttribute("aria-current");
  }

  function go(to: number, behavior: ScrollBehavior) {
    track.scrollTo({ left: bounded(to) * track.clientWidth, behavior });
  }

  function show(to: number) {
    inView = bounded(to);
    part("[data-viewer] [data-count]").textContent = countOf(inView);
    part("[data-viewer] [data-words]").textContent = captionOf(inView);
    for (const step of steps)
      step.disabled = bounded(inView + Number(step.dataset.step)) === inView;
    stage.replaceChildren();
    const picture = figures[inView]?.querySelector("picture")?.cloneNode(true) as
      | HTMLElement
      | undefined;
    if (!picture) return;
    for (const source of picture.querySelectorAll("source")) source.sizes = "100vw";
    const image = picture.querySelector("img");
    // A placeholder's proportions are rough: it would look out at the sides.
    for (const name of ["style", "class", "loading"]) image?.removeAttribute(name);
    stage.append(picture);
  }

  function open(at: number) {
    show(at);
    // The browser keeps the focus within, and gives it back.
    if (!viewer.open) viewer.showModal();
  }

  track.addEventListener("scroll", () => {
    if (!viewer.open) note(bounded(Math.round(track.scrollLeft / Math.max(1, track.clientWidth))));
  });
  for (const stamp of stamps)
    stamp.addEventListener("click", (event) => {
      event.preventDefault();
      const to = Number(stamp.dataset.to);
      if ("view" in stamp.dataset) open(to);
      else go(to, matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
    });
  expand.hidden = false;
  expand.addEventListener("click", () => open(inView));
  part("[data-close]").addEventListener("click", () => viewer.close());
  for (const step of steps)
    step.addEventListener("click", () => show(inView + Number(step.dataset.step)));
  viewer.addEventListener("keydown", (event) => {
    const to = { ArrowRight: inView + 1, ArrowLeft: inView - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
  viewer.addEventListener("pointerdown", ({ clientX }) => {
    sweepFrom = clientX;
  });
  viewer.addEventListener("pointerup", ({ clientX }) => {
    const moved = clientX - sweepFrom;
    if (Math.abs(moved) >= shortestSweepPx) show(inView - Math.sign(moved));
  });
  viewer.addEventListener("close", () => {
    part("[data-viewer] [data-count]").textContent = "";
    stage.replaceChildren();
    go(inView, "instant");
    note(inView);
  });
}
