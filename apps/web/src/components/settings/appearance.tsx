"use client";

import { cn } from "../../lib/cn";
import { setSingleKeys, useSingleKeys } from "../../lib/preferences";
import { setTheme, type Theme, themes, useTheme } from "../../lib/theme";
import { openKeysDialog } from "../shell/keys-dialog";
import { Section } from "../ui/section";
import { Switch } from "../ui/switch";

const themeNames: Record<Theme, string> = {
  light: "Light",
  dark: "Dark",
  system: "As the system",
};

/** What this browser remembers about the console. */
export function Appearance() {
  const theme = useTheme();
  const singleKeys = useSingleKeys();
  return (
    <Section title="Console" aside="in this browser">
      <fieldset className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b py-3 text-sm">
        <legend className="float-left mr-auto font-medium">Theme</legend>
        {themes.map((option) => (
          <label
            key={option}
            className={cn(
              "flex items-center gap-2 pointer-coarse:min-h-11",
              option !== theme && "text-muted-foreground",
            )}
          >
            <input
              type="radio"
              name="theme"
              value={option}
              checked={option === theme}
              onChange={() => setTheme(option)}
              className="size-4 accent-primary"
            />
            {themeNames[option]}
          </label>
        ))}
      </fieldset>
      <div className="flex items-center gap-4 border-b py-3 text-sm">
        <div className="min-w-0 flex-1">
          <div className="font-medium">Single keys</div>
          <p className="text-muted-foreground text-xs">
            G and a letter, J, K, U and the others.{" "}
            <button type="button" className="link" onClick={openKeysDialog}>
              All keys
            </button>
          </p>
        </div>
        <Switch label="Single keys act" checked={singleKeys} onChange={setSingleKeys} />
      </div>
    </Section>
  );
}
