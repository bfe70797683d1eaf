import { useSyncExternalStore } from "react";
import { themeKey } from "./theme-script";

export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

const listeners = new Set<() => void>();

function readTheme(): Theme {
  const stored = localStorage.getItem(themeKey);
  return themes.find((theme) => theme === stored) ?? "system";
}

function paint(): void {
  const theme = readTheme();
  const dark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
}

function subscribe(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const changed = () => {
    paint();
    listener();
  };
  listeners.add(listener);
  system.addEventListener("change", changed);
  // Another tab chose.
  window.addEventListener("storage", changed);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", changed);
    window.removeEventListener("storage", changed);
  };
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(themeKey, theme);
  paint();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, readTheme, () => "system");
}
