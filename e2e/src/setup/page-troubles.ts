import type { Page } from "playwright-core";

/** What a person would see amiss at the page's present size: text that is cut, that lies over other text, or leaves the window. */
export async function troublesOf(page: Page): Promise<string[]> {
  // esbuild, where it runs this file, names functions by a helper that the page does not have.
  await page.evaluate("globalThis.__name ??= (named) => named");
  return page.evaluate(() => {
    const found = new Set<string>();
    const words = (element: Element) =>
      (element.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 60);
    const tell = (what: string, element: Element) =>
      found.add(`${what}: <${element.tagName.toLowerCase()}> “${words(element)}”`);
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width + 1)
      found.add(`the page is ${document.documentElement.scrollWidth} wide in a window of ${width}`);

    /** What people see of a box: null where it is hidden, for screen readers alone, or scrolled away within something. */
    function seenOf(element: Element, { left, top, right, bottom }: DOMRect): DOMRect | null {
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        return null;
      for (let around: Element | null = element; around; around = around.parentElement) {
        const { clipPath, clip, overflowX, overflowY } = getComputedStyle(around);
        if (clipPath !== "none" || clip !== "auto") return null;
        const frame = around.getBoundingClientRect();
        if (overflowX !== "visible" && around !== document.documentElement)
          [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
        if (overflowY !== "visible" && around !== document.documentElement)
          [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
        if (right - left < 2 || bottom - top < 2) return null;
      }
      return new DOMRect(left, top, right - left, bottom - top);
    }
    const scrolls = (element: Element) => {
      for (let around = element.parentElement; around; around = around.parentElement)
        if (/auto|scroll/.test(getComputedStyle(around).overflowX)) return true;
      return false;
    };
    const floats = (element: Element) => {
      for (let around: Element | null = element; around; around = around.parentElement)
        if (/fixed|sticky|absolute/.test(getComputedStyle(around).position)) return true;
      return false;
    };

    const lines: { element: Element; box: DOMRect }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || !node.textContent?.trim()) continue;
      if (element.closest("script, style, noscript, option, [aria-hidden=true], svg")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const whole of range.getClientRects()) {
        const box = seenOf(element, whole);
        if (!box) continue;
        if ((box.right > width + 1 || box.left < -1) && !scrolls(element))
          tell("leaves the window", element);
        if (!floats(element)) lines.push({ element, box });
      }
      for (let around: Element | null = element; around; around = around.parentElement) {
        const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(around);
        if (textOverflow === "ellipsis" || webkitLineClamp !== "none") break;
        if (!seenOf(around, around.getBoundingClientRect())) break;
        if (/hidden|clip/.test(overflowX) && around.scrollWidth > around.clientWidth + 1)
          tell("is cut at its side", around);
        if (/hidden|clip/.test(overflowY) && around.scrollHeight > around.clientHeight + 2)
          tell("is cut below", around);
        if (around === document.body) break;
      }
    }
    for (const [at, one] of lines.entries())
      for (const other of lines.slice(at + 1)) {
        if (one.element === other.element || one.element.contains(other.element)) continue;
        if (other.element.contains(one.element)) continue;
        const across =
          Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down =
          Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        // Lines of tight type share a few pixels of their boxes, and none of their letters.
        if (across > 2 && down > 0.4 * Math.min(one.box.height, other.box.height))
          tell(`lies over “${words(other.element)}”`, one.element);
      }
    return [...found];
  });
}
