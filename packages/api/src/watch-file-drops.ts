export interface FileDropHandlers {
  /** Files that were let go or pasted, and the names of folders among them, which browsers cannot read as files. */
  onFiles(files: File[], folders: string[]): void;
  /** How many files hang over the place; 0 once they are gone. */
  onHover?(count: number): void;
  /** Read at each event: whether files are taken at present. Where not, the browser still does not open them. */
  isOpen?(): boolean;
}

/**
 * Takes files that are dropped on, or pasted into, a window or an element. Over an element inside another one that is
 * watched, too, the inner one takes them.
 * @returns what ends it
 */
export function watchFileDrops(
  place: Window | HTMLElement,
  { onFiles, onHover, isOpen = () => true }: FileDropHandlers,
): () => void {
  // Leaving one element enters the next: only the balance tells whether the pointer left the place.
  let depth = 0;
  const end = () => {
    depth = 0;
    onHover?.(0);
  };
  const listeners: Record<string, (event: DragEvent) => void> = {
    dragenter(event) {
      depth++;
      if (isOpen()) onHover?.(Math.max(1, event.dataTransfer?.items.length ?? 0));
    },
    dragleave() {
      if (--depth <= 0) end();
    },
    dragover(event) {
      if (event.defaultPrevented) return;
      // Without this the browser opens the file and leaves the page.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = isOpen() ? "copy" : "none";
    },
    drop(event) {
      end();
      if (event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer && isOpen()) take(event.dataTransfer);
    },
  };
  const take = (data: DataTransfer) => {
    const folders = new Set<string>();
    for (const item of data.items) {
      const entry = item.kind === "file" ? item.webkitGetAsEntry() : null;
      if (entry?.isDirectory) folders.add(entry.name);
    }
    onFiles(
      [...data.files].filter(({ name }) => !folders.has(name)),
      [...folders],
    );
  };
  const dragged = (event: Event) => {
    if (event instanceof DragEvent && event.dataTransfer?.types.includes("Files")) {
      listeners[event.type]?.(event);
    }
  };
  const pasted = (event: Event) => {
    if (!(event instanceof ClipboardEvent) || event.defaultPrevented || !isOpen()) return;
    // What office programs copy is a picture, too: where somebody types, the text is meant.
    if (!event.clipboardData?.files.length || isTyping(event.target)) return;
    event.preventDefault();
    take(event.clipboardData);
  };
  for (const type of Object.keys(listeners)) place.addEventListener(type, dragged);
  place.addEventListener("paste", pasted);
  return () => {
    for (const type of Object.keys(listeners)) place.removeEventListener(type, dragged);
    place.removeEventListener("paste", pasted);
  };
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("textarea, input:not([type=file])"))
  );
}
