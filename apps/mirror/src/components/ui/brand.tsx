import { Sign } from "./sign";

export function Brand() {
  return (
    <span className="brand">
      <Sign className="brand-sign" />
      Piano Mirror
    </span>
  );
}
