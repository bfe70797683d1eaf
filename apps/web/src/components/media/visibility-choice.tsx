import { ChevronDown, Globe, Lock } from "lucide-react";
import { Button } from "../ui/button";
import { Menu, MenuChoice } from "../ui/menu";
import { ActionText } from "../ui/page";

/** `all` makes documents and archives public, too. */
export type Visibility = "public" | "all" | "private";

const names = { public: "public", all: "all public", private: "private" } as const;

const options = [
  ["public", "Photos, clips and sound public, the rest private", Globe],
  ["all", "Everything public, documents too", Globe],
  ["private", "Private, by signed links", Lock],
] as const;

interface VisibilityChoiceProps {
  value: Visibility;
  onChange(value: Visibility): void;
}

/** Who will be able to see what is uploaded next. */
export function VisibilityChoice({ value, onChange }: VisibilityChoiceProps) {
  const Icon = value === "private" ? Lock : Globe;
  return (
    <Menu
      trigger={
        <Button aria-label={`New uploads: ${names[value]}`}>
          <Icon />
          <ActionText>New uploads: {names[value]}</ActionText>
          <ChevronDown className="size-3.5! max-md:hidden" />
        </Button>
      }
    >
      <MenuChoice label="New uploads are" value={value} onChange={onChange} options={options} />
    </Menu>
  );
}
