import { ChevronDown, Globe, Lock } from "lucide-react";
import { Button } from "../ui/button";
import { Menu, MenuChoice } from "../ui/menu";
import { ActionText } from "../ui/page";

export type Visibility = "public" | "private";

const options = [
  ["public", "Public, at an address of their own", Globe],
  ["private", "Private, by signed links", Lock],
] as const;

interface VisibilityChoiceProps {
  value: Visibility;
  onChange(value: Visibility): void;
}

/** Who will be able to see what is uploaded next. */
export function VisibilityChoice({ value, onChange }: VisibilityChoiceProps) {
  const Icon = value === "public" ? Globe : Lock;
  return (
    <Menu
      trigger={
        <Button aria-label={`New uploads are ${value}`}>
          <Icon />
          <ActionText>New uploads: {value}</ActionText>
          <ChevronDown className="size-3.5! max-md:hidden" />
        </Button>
      }
    >
      <MenuChoice label="New uploads are" value={value} onChange={onChange} options={options} />
    </Menu>
  );
}
