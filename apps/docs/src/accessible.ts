// What readers of screens and of keyboards need beyond what the generator writes.

/** A table that is wider than its place is scrolled, and by keys only when it can have the focus. */
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
for (const table of document.querySelectorAll("main table")) widths.observe(table);

// One that is scrolled is a region, and regions have names of their own.
for (const [index, code] of document.querySelectorAll("main pre").entries())
  code.setAttribute("aria-label", `Example ${index + 1}`);

const search = document.querySelector("site-search");
search?.addEventListener("focusin", () =>
  search.querySelector("input")?.setAttribute("aria-label", "Search"),
);
