import { useCallback, useEffect, useRef, useState } from "react";

/** Watches a form of plain fields: whether what stands in it differs from what was saved. */
export function useFormDirty() {
  const form = useRef<HTMLFormElement>(null);
  const saved = useRef<string>(null);
  const [dirty, setDirty] = useState(false);
  const look = useCallback(() => {
    if (form.current) setDirty(contentOf(form.current) !== saved.current);
  }, []);
  // A dialog's form comes and goes: what stands in it when it comes is where it begins.
  const ref = useCallback((element: HTMLFormElement | null) => {
    form.current = element;
    saved.current = element && contentOf(element);
    setDirty(false);
  }, []);
  // Fields come and go with a rendering.
  useEffect(look);
  /** @returns what to call once that which stands in the form now is saved */
  const saving = () => {
    const sent = form.current && contentOf(form.current);
    return () => {
      saved.current = sent;
      look();
    };
  };
  return { dirty, saving, watch: { ref, onInput: look, onChange: look } };
}

/** An empty field says as much as none. */
function contentOf(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)].filter(([, value]) => value !== ""));
}
