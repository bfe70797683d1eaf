/** A component of `@fermata/api/react` at work: React and what it shows come when a reader comes near. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      void import("./specimen").then(({ show }) => show(target as HTMLElement));
    }
  },
  { rootMargin: "400px" },
);

for (const place of document.querySelectorAll("[data-live]")) observer.observe(place);
