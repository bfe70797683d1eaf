import { FlipVertical2 } from "lucide-react";
import { Switch } from "../ui/switch";

interface MirrorSwitchProps {
  /** "your", "Ines’s". */
  whose: string;
  mirrored: boolean;
  /** What is seen when it is off. */
  offText: string;
  onChange(mirrored: boolean): void;
}

/** Turns a picture left to right. It changes the view here only. */
export function MirrorSwitch({ whose, mirrored, offText, onChange }: MirrorSwitchProps) {
  const result = mirrored ? "Low notes left" : offText;
  return (
    <Switch
      className="panel mirror-switch"
      label={`Mirror ${whose} picture: ${result}`}
      checked={mirrored}
      onChange={onChange}
    >
      <FlipVertical2 className="icon" aria-hidden="true" />
      <span className="wide-only mirror-title">Mirror</span>
      <span className="wide-only mirror-result">{result}</span>
    </Switch>
  );
}
