import { CalendarDays, Piano } from "lucide-react";
import { Button } from "../ui/button";
import { Menu, MenuChoice } from "../ui/menu";
import { ActionText } from "../ui/page";

export type Grouping = "date" | "instrument";

const options = [
  ["date", "Day of upload", CalendarDays],
  ["instrument", "Instrument", Piano],
] as const;

interface GroupingChoiceProps {
  value: Grouping;
  onChange(value: Grouping): void;
}

export function GroupingChoice({ value, onChange }: GroupingChoiceProps) {
  const [, , Icon] = options.find(([option]) => option === value) ?? options[0];
  return (
    <Menu
      trigger={
        <Button aria-label={`By ${value}`}>
          <Icon />
          <ActionText>By {value}</ActionText>
        </Button>
      }
    >
      <MenuChoice label="Group by" value={value} onChange={onChange} options={options} />
    </Menu>
  );
}
